using System.Text;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class SendingReadyFrames : IDisposable
{
    readonly Connection _connection = new();
    bool _isCut;

    OpenLine Line => field ??= new(_connection, () => _isCut = true, new ConfiguredLimits());

    public void Dispose() => _connection.Dispose();

    [Theory]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    public void A_frame_is_one_whole_text_message_of_any_length(int length, int head)
    {
        var frame = OpenLine.Frame(Enumerable.Repeat((byte)'x', length).ToArray()).ToArray();

        Assert.Equal(head + length, frame.Length);
        Assert.Equal(0x81, frame[0]);
        var told = head switch { 2 => frame[1], 4 => (frame[2] << 8) + frame[3], _ => (int)System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(frame.AsSpan(2)) };
        Assert.Equal(length, told);
        Assert.All(frame[head..], letter => Assert.Equal((byte)'x', letter));
    }

    [Fact]
    public async Task Nobody_is_told_anything_before_the_answer_to_their_handshake()
    {
        Line.Send(OpenLine.Frame("shared"u8.ToArray()));
        await Line.WriteAsync(new byte[] { 0x89, 0 }, TestContext.Current.CancellationToken);
        Assert.Equal([""], _connection.Frames);

        await Line.WriteAsync(Part(isFirst: true, isLast: true, "{}"), TestContext.Current.CancellationToken);

        Assert.Equal(["", "{}", "shared"], _connection.Frames);
    }

    [Fact]
    public async Task Between_the_parts_of_a_message_stands_no_other()
    {
        await Line.WriteAsync(Part(isFirst: true, isLast: false, "one"), TestContext.Current.CancellationToken);
        Line.Send(OpenLine.Frame("shared"u8.ToArray()));
        await Line.WriteAsync(new byte[] { 0x89, 0 }, TestContext.Current.CancellationToken); // a ping may stand there
        await Line.WriteAsync(Part(isFirst: false, isLast: true, "two"), TestContext.Current.CancellationToken);
        Line.Send(OpenLine.Frame("again"u8.ToArray()));

        Assert.Equal(["one", "", "two", "shared", "again"], _connection.Frames);
    }

    [Fact]
    public async Task What_a_full_connection_does_not_take_it_gets_later_in_order()
    {
        await GreetAsync();
        var takes = _connection.Stop();
        foreach (var text in (string[])["first", "second", "third"])
            Line.Send(OpenLine.Frame(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(["first"], _connection.Frames);

        takes.SetResult();
        await _connection.Reached(3);

        Assert.Equal(["first", "second", "third"], _connection.Frames);
        Assert.False(_isCut);
    }

    [Fact]
    public async Task Who_is_too_far_behind_is_cut_off_to_come_back()
    {
        await GreetAsync();
        _connection.Stop();
        for (var i = 0; i < 257; i++)
            Line.Send(OpenLine.Frame("x"u8.ToArray()));
        Assert.False(_isCut);

        Line.Send(OpenLine.Frame("x"u8.ToArray()));

        Assert.True(_isCut);
    }

    [Fact]
    public async Task Who_is_behind_by_too_many_bytes_is_cut_off_too_and_one_long_frame_alone_is_not()
    {
        await GreetAsync();
        var most = ConfiguredLimits.Usual["KilobytesBehind"] * 1024;
        _connection.Stop();
        Line.Send(OpenLine.Frame("x"u8.ToArray()));
        Line.Send(OpenLine.Frame(new byte[most - 100]));
        Line.Send(OpenLine.Frame(new byte[most]));
        Assert.False(_isCut);

        Line.Send(OpenLine.Frame("x"u8.ToArray()));

        Assert.True(_isCut);
    }

    [Fact]
    public async Task An_ended_connection_hurts_nobody()
    {
        await GreetAsync();
        _connection.Dispose();

        Line.Send(OpenLine.Frame("x"u8.ToArray()));

        Assert.Empty(_connection.Frames);
    }

    async Task GreetAsync()
    {
        await Line.WriteAsync(Part(isFirst: true, isLast: true, "{}"), TestContext.Current.CancellationToken);
        _connection.Frames.Clear();
    }

    static byte[] Part(bool isFirst, bool isLast, string text) =>
        [(byte)((isLast ? 0x80 : 0) | (isFirst ? 1 : 0)), (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    sealed class Connection : MemoryStream
    {
        readonly TaskCompletionSource _three = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource? _stopped;

        public List<string> Frames { get; } = [];

        public TaskCompletionSource Stop() => _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached(int count) => Frames.Count >= count ? Task.CompletedTask : _three.Task.WaitAsync(Patience.Enough);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ObjectDisposedException.ThrowIf(!CanWrite, this);
            Frames.Add(Encoding.UTF8.GetString(buffer.Span[2..]));
            if (Frames.Count == 3)
                _three.TrySetResult();
            if (_stopped is not null)
                await _stopped.Task;
        }
    }
}
