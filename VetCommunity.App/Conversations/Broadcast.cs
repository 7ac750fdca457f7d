using System.Buffers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace VetCommunity.App.Conversations;

/// <summary>Sends the same to all who watch a conversation in one view: who has an <see cref="OpenLine"/> gets a frame that is made once and waits for nobody, the others as SignalR sends.</summary>
sealed class Broadcast(Watchers watchers, IHubContext<ConversationsHub> hub, IHubProtocolResolver protocols)
{
    readonly IHubProtocol _json = protocols.GetProtocol("json", supportedProtocols: null)!;

    /// <summary>Sends to both, one after the other.</summary>
    public async Task SendAsync(int conversation, string view, string name, object argument)
    {
        InvocationMessage[] messages = [new(name, [argument])];
        if (ToLines(conversation, view, messages).Others > 0)
            await ToOthersAsync(conversation, view, messages);
    }

    /// <summary>Sends to those who have a line, but for the connection that said it. Answers how many of both kinds there are.</summary>
    public (int Lines, int Others) ToLines(int conversation, string view, IReadOnlyList<InvocationMessage> messages, string? except = null)
    {
        var (lines, others) = watchers.Lines(conversation, view);
        if (lines.Length > 0)
        {
            var own = except is null ? null : watchers.LineOf(except);
            var frame = OpenLine.Frame(Text(messages));
            foreach (var line in lines.Where(line => line != own))
                line.Send(frame);
        }
        return (lines.Length, others);
    }

    /// <summary>Sends to those who have none.</summary>
    public async Task ToOthersAsync(int conversation, string view, IReadOnlyList<InvocationMessage> messages, string? except = null)
    {
        var group = Fanout.GroupWithoutLine(conversation, view);
        var clients = except is null ? hub.Clients.Group(group) : hub.Clients.GroupExcept(group, except);
        foreach (var message in messages)
            await clients.SendCoreAsync(message.Target, message.Arguments);
    }

    // One text may hold several messages: each ends with its own sign.
    ReadOnlyMemory<byte> Text(IReadOnlyList<InvocationMessage> messages)
    {
        if (messages is [var only])
            return _json.GetMessageBytes(only);
        var text = new ArrayBufferWriter<byte>();
        foreach (var message in messages)
            _json.WriteMessage(message, text);
        return text.WrittenMemory;
    }
}
