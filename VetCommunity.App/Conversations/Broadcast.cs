using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace VetCommunity.App.Conversations;

/// <summary>Sends the same to all who watch a conversation in one view: who has an <see cref="OpenLine"/> gets a frame that is made once and waits for nobody, the others as SignalR sends.</summary>
sealed class Broadcast(Watchers watchers, IHubContext<ConversationsHub> hub, IHubProtocolResolver protocols)
{
    readonly IHubProtocol _json = protocols.GetProtocol("json", supportedProtocols: null)!;

    public async Task SendAsync(int conversation, string view, string name, object argument)
    {
        var (lines, withoutLine) = watchers.Lines(conversation, view);
        if (lines.Length > 0)
        {
            var frame = OpenLine.Frame(_json.GetMessageBytes(new InvocationMessage(name, [argument])));
            foreach (var line in lines)
                line.Send(frame);
        }
        if (withoutLine > 0)
            await hub.Clients.Group(Fanout.GroupWithoutLine(conversation, view)).SendAsync(name, argument);
    }
}
