using VetCommunity.Core;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.Tests.Webhooks;

/// <summary>The small network and what its rooms have of webhooks.</summary>
sealed class WebhookWorld : IAsyncDisposable
{
    WebhookWorld(World world)
    {
        World = world;
        Incoming = new(world.Db, world.Log, Seal, world.Clock);
        Outgoing = new(world.Db, world.Feed, Seal, Addresses, world.Clock);
        Queue = new(world.Db, world.Feed, world.Clock);
    }

    public World World { get; }
    public Seal Seal { get; } = new(secret => new([.. secret.Reverse()]), stored => new([.. stored.Reverse()]));
    public TargetAddress Addresses { get; } = new(["127.0.0.1"]);
    public IncomingWebhooks Incoming { get; }
    public OutgoingWebhooks Outgoing { get; }
    public DeliveryQueue Queue { get; }

    public static async Task<WebhookWorld> OpenAsync(Database database) => new(await World.OpenAsync(database));

    /// <summary>Anna names a target that hears of everything in a room.</summary>
    public async Task<int> ListenAsync(string room = "welding", WebhookEvents events = WebhookEvents.All, string name = "Newsletter", string target = "https://example.org/hook") =>
        (await Outgoing.MakeAsync(World.Anna, room, name, target, events)).Id;

    /// <summary>Everything that is due for one webhook, each told with success.</summary>
    public async Task<List<DueDelivery>> TellAllAsync(int webhook)
    {
        List<DueDelivery> told = [];
        while (await Queue.NextAsync(Actor.Operator, webhook) is { } due)
        {
            told.Add(due);
            await SucceedAsync(due);
        }
        return told;
    }

    public Task SucceedAsync(DueDelivery due) => Queue.RecordAsync(Actor.Operator, due.Id, new(CallFailure.None, 204, TimeSpan.FromMilliseconds(12)));

    public Task FailAsync(DueDelivery due, CallFailure failure = CallFailure.Answer, string? error = "no") =>
        Queue.RecordAsync(Actor.Operator, due.Id, new(failure, 500, TimeSpan.FromMilliseconds(12), error));

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
