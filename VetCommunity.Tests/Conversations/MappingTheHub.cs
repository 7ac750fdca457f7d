using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.App.Live;
using Xunit;

namespace VetCommunity.Tests.Conversations;

/// <summary>The hub is mapped without <c>MapHub</c>, which would compile its calls at the start: whatever looks at an address by what it says of itself must find the same.</summary>
public class MappingTheHub
{
    [Fact]
    public async Task Its_addresses_say_of_themselves_what_they_would_say_with_MapHub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSignalR();
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton(ConfiguredLimits.Of(new ConfigurationBuilder().Build()));
        await using var app = builder.Build();
        app.MapConversations();
        app.MapHub<ConversationsHub>("/theirs");

        var ours = Said(app, "/hubs/conversations");
        var theirs = Said(app, "/theirs");
        Assert.Equal(["", "/negotiate"], theirs.Keys.Order());
        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        Assert.Contains(nameof(HubMetadata), theirs[""]);
        Assert.All(theirs, one => Assert.Subset(ours[one.Key], one.Value));
        Assert.All(ours.Values, one => Assert.Contains(nameof(GuestsTooAttribute), one));
    }

    static Dictionary<string, HashSet<string>> Said(WebApplication app, string path) => ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(one => one.RoutePattern.RawText!.StartsWith(path, StringComparison.Ordinal))
        .ToDictionary(one => one.RoutePattern.RawText![path.Length..], one => one.Metadata.Select(said => said.GetType().Name).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
}
