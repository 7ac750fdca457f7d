using System.Text;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class ImportingARoom
{
    const string First = """{"at":"2012-06-06T16:45:00Z","author":"peer-001","text":"This is the **office hour**, right?"}""";
    const string Second = """{"at":"2012-06-06T18:55+02:00","author":"Ελένη","text":"Yes."}""";

    static Task<ImportCounts> ImportAsync(World world, string lines, Actor? actor = null, string room = "office-hour", IProgress<ImportCounts>? progress = null)
    {
        var import = new RoomImport(world.Db, world.Log, new Rooms(world.Db, world.Feed, world.Clock));
        return import.ImportAsync(actor ?? world.Ada, room, new MemoryStream(Encoding.UTF8.GetBytes(lines)), progress);
    }

    static async Task<List<(long, string, string)>> StoredAsync(World world, string room = "office-hour") =>
        [.. (await world.Conversations.OpenAsync(world.Ada, room, 0)).Messages.Select(m => (m.Seq, m.Author.Name, m.Markdown))];

    [Theory, OnBothDatabases]
    public async Task Each_line_becomes_a_message_with_its_own_time_and_author(Database database)
    {
        await using var world = await World.OpenAsync(database);

        Assert.Equal(new(2, 2, 0), await ImportAsync(world, First + "\n" + Second + "\n"));

        var opened = await world.Conversations.OpenAsync(world.Olga, "office-hour");
        Assert.Equal([(1L, "peer-001"), (2L, "Ελένη")], opened.Messages.Select(m => (m.Seq, m.Author.Name)));
        Assert.Equal([new DateTimeOffset(2012, 6, 6, 16, 45, 0, default), new DateTimeOffset(2012, 6, 6, 16, 55, 0, default)], opened.Messages.Select(m => m.SentAt));
        Assert.Contains("<strong>office hour</strong>", opened.Messages[0].Html, StringComparison.Ordinal);
        Assert.Equal((2, 2), (opened.LastSeq, opened.Version));
        // Nobody's: no handle to follow, and nobody may edit it.
        Assert.All(opened.Messages, m => Assert.Empty(m.Author.Handle));
    }

    [Theory, OnBothDatabases]
    public async Task The_same_file_again_adds_nothing_and_a_longer_one_adds_its_end(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await ImportAsync(world, First);

        Assert.Equal(new(1, 0, 1), await ImportAsync(world, First));
        Assert.Equal(new(2, 1, 1), await ImportAsync(world, First + "\n" + Second));
        Assert.Equal(new(2, 0, 2), await ImportAsync(world, "\uFEFF" + First + "\r\n\r\n" + Second + "\r\n"));

        Assert.Equal([1L, 2L], (await StoredAsync(world)).Select(m => m.Item1));
    }

    [Theory, OnBothDatabases]
    public async Task Two_people_who_say_the_same_in_the_same_minute_are_both_heard(Database database)
    {
        await using var world = await World.OpenAsync(database);

        Assert.Equal(new(3, 3, 0), await ImportAsync(world, Second + "\n" + Second + "\n" + Second));
        Assert.Equal(new(4, 1, 3), await ImportAsync(world, Second + "\n" + Second + "\n" + Second + "\n" + Second));
    }

    [Theory, OnBothDatabases]
    public async Task A_broken_line_in_the_middle_is_named_and_the_mended_file_goes_on_from_there(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var lines = Enumerable.Range(1, 700).Select(n => $$"""{"at":"2012-06-06T16:45:00Z","author":"peer","text":"line {{n}}"}""").ToArray();
        var broken = lines.ToArray();
        broken[599] = broken[599][..20];

        var refused = await Assert.ThrowsAsync<RefusedException>(() => ImportAsync(world, string.Join('\n', broken)));

        Assert.Equal((Refusal.BadLine, 600L), (refused.Refusal, refused.Arguments[0]));
        Assert.Equal(599, (await world.Conversations.OpenAsync(world.Ada, "office-hour")).LastSeq);
        Assert.Equal(new(700, 101, 599), await ImportAsync(world, string.Join('\n', lines)));
        Assert.Equal("line 700", (await world.Conversations.OpenAsync(world.Ada, "office-hour")).Messages[^1].Markdown);
    }

    [Theory]
    [InlineData("not json at all", "JSON object")]
    [InlineData("[1,2]", "JSON object")]
    [InlineData("null", "at")]
    [InlineData("""{"author":"a","text":"t"}""", "at")]
    [InlineData("""{"at":"yesterday","author":"a","text":"t"}""", "at")]
    [InlineData("""{"at":1338995100,"author":"a","text":"t"}""", "JSON object")]
    [InlineData("""{"at":"2012-06-06T16:45:00Z","text":"t"}""", "author")]
    [InlineData("""{"at":"2012-06-06T16:45:00Z","author":" ","text":"t"}""", "author")]
    [InlineData("""{"at":"2012-06-06T16:45:00Z","author":"a\u0000b","text":"t"}""", "author")]
    [InlineData("""{"at":"2012-06-06T16:45:00Z","author":"a"}""", "text")]
    [InlineData("""{"at":"2012-06-06T16:45:00Z","author":"a","text":""}""", "empty")]
    [InlineData("""{"at":"2012-06-06T16:45:00Z","author":"a","text":"\u0000\u0007"}""", "empty")]
    public async Task What_is_wrong_with_a_line_is_said(string line, string why)
    {
        await using var world = await World.OpenAsync(Database.Sqlite);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => ImportAsync(world, First + "\n\n" + line + "\n" + Second));

        Assert.Equal((Refusal.BadLine, 3L), (refused.Refusal, refused.Arguments[0]));
        Assert.Contains(why, (string)refused.Arguments[1], StringComparison.Ordinal);
        Assert.Single(await StoredAsync(world));
    }

    [Theory]
    [InlineData(10_001, "10001 characters")]
    [InlineData(5_000_000, "KiB")]
    public async Task A_line_that_is_too_long_is_named_and_not_cut(int length, string why)
    {
        await using var world = await World.OpenAsync(Database.Sqlite);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => ImportAsync(world, First + "\n" + Second.Replace("Yes.", new string('x', length), StringComparison.Ordinal)));

        Assert.Equal((Refusal.BadLine, 2L), (refused.Refusal, refused.Arguments[0]));
        Assert.Contains(why, (string)refused.Arguments[1], StringComparison.Ordinal);
        Assert.Single(await StoredAsync(world));
    }

    [Fact]
    public async Task The_longest_text_goes_in_even_when_every_letter_is_an_escape()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        var text = string.Concat(Enumerable.Repeat("\\u03b1", 10_000));

        Assert.Equal(new(1, 1, 0), await ImportAsync(world, Second.Replace("Yes.", text, StringComparison.Ordinal)));

        Assert.Equal(new string('α', 10_000), Assert.Single(await StoredAsync(world)).Item3);
    }

    [Theory, OnBothDatabases]
    public async Task A_room_that_exists_keeps_what_was_said_in_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Before");

        Assert.Equal(new(1, 1, 0), await ImportAsync(world, First, room: "welding"));

        Assert.Equal([(1L, "Anna Rossi"), (2L, "peer-001")], (await StoredAsync(world, "welding")).Select(m => (m.Item1, m.Item2)));
    }

    [Fact]
    public async Task Only_who_administers_imports_and_a_bad_name_makes_no_room()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);

        await Assert.ThrowsAsync<NotFoundException>(() => ImportAsync(world, First, actor: world.Anna));
        await Assert.ThrowsAsync<NotFoundException>(() => ImportAsync(world, First, actor: world.Carla));
        Assert.Equal(Refusal.BadSlug, await World.RefusalOfAsync(() => ImportAsync(world, First, room: "Office Hour!")));
        await Assert.ThrowsAsync<RefusedException>(() => ImportAsync(world, "broken from the first line"));

        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.OpenAsync(world.Ada, "office-hour"));
    }

    [Fact]
    public async Task Progress_is_told_while_it_runs_and_the_memory_does_not_grow_with_the_file()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        await ImportAsync(world, First);
        var small = new PeakOfMemory();
        await ImportAsync(world, 2_000, small);
        var large = new PeakOfMemory();
        await ImportAsync(world, 20_000, large);

        Assert.True(large.Told > 50, $"Told {large.Told} times");
        // Ten times the lines; all of them in memory would be ten times the memory.
        Assert.True(large.Bytes < 2 * small.Bytes, $"{small.Bytes} bytes at 2,000 lines, {large.Bytes} at 20,000");
    }

    static async Task ImportAsync(World world, int lines, PeakOfMemory peak)
    {
        var import = new RoomImport(world.Db, world.Log, new Rooms(world.Db, world.Feed, world.Clock));
        var counts = await import.ImportAsync(world.Ada, $"lines-{lines}x", new Generated(lines), peak);
        Assert.Equal(lines, counts.Added);
    }

    /// <summary>What is still needed, not what waits to be collected; looked at every now and then.</summary>
    sealed class PeakOfMemory : IProgress<ImportCounts>
    {
        public long Bytes { get; private set; }
        public int Told { get; private set; }

        public void Report(ImportCounts value)
        {
            if (Told++ % 8 == 0)
                Bytes = Math.Max(Bytes, GC.GetTotalMemory(forceFullCollection: true));
        }
    }

    /// <summary>A file that is never whole in memory.</summary>
    sealed class Generated(int lines) : Stream
    {
        int _made;
        ReadOnlyMemory<byte> _rest;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (_rest.IsEmpty && _made < lines)
                _rest = Encoding.UTF8.GetBytes($$"""{"at":"2012-06-06T16:45:00Z","author":"peer-{{_made % 7}}","text":"line {{_made++}} {{new string('x', 200)}}"}""" + "\n");
            var count = Math.Min(buffer.Length, _rest.Length);
            _rest.Span[..count].CopyTo(buffer);
            _rest = _rest[count..];
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
