using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Privacy;

[Collection(nameof(Alone))]
public class TakingMuchAlong
{
    [Theory, OnBothDatabases]
    public async Task Ten_thousand_messages_need_no_more_memory_than_a_few(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await world.World.SayAsync(world.Quenza, "First");
        await world.World.InDbAsync(async db =>
        {
            var first = await db.Messages.AsNoTracking().SingleAsync();
            foreach (var some in Enumerable.Range(2, 9_999).Chunk(2_000))
            {
                db.Messages.AddRange(some.Select(i => new Core.Conversations.Message
                {
                    ConversationId = first.ConversationId,
                    Seq = i,
                    Version = i,
                    AuthorId = world.Quenza.MemberId,
                    ClientKey = $"k{i}",
                    TopicId = first.TopicId,
                    Markdown = $"Number {i} " + new string('x', 2_000),
                    Html = "",
                    SentAt = first.SentAt,
                }));
                await db.SaveChangesAsync();
                db.ChangeTracker.Clear();
            }
            return 0;
        });
        await using var target = new Measured();

        await new Gathering(world.World.Db, world.World.Uploads, world.Quenza.MemberId, (_, _) => Task.CompletedTask).WriteAsync(target, default);

        // Twenty million letters went through.
        Assert.InRange(target.MostHeld, 0, 12_000_000);
    }

    /// <summary>Looks at each hundredth write what the program holds beyond what it held at the first.</summary>
    sealed class Measured : MemoryStream
    {
        long _first;
        int _writes;

        public long MostHeld { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Look();
            return ValueTask.CompletedTask;
        }

        public override void Write(byte[] buffer, int offset, int count) => Look();

        public override void Write(ReadOnlySpan<byte> buffer) => Look();

        void Look()
        {
            if (_writes++ % 100 != 0)
                return;
            var held = GC.GetTotalMemory(forceFullCollection: true);
            _first = _first == 0 ? held : _first;
            MostHeld = Math.Max(MostHeld, held - _first);
        }
    }
}
