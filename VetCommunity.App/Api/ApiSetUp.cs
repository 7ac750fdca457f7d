using System.Text.Json.Serialization;
using VetCommunity.App.Search;
using VetCommunity.App.Webhooks;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Api;

/// <summary>What programs call: everything under <c>/api/v1</c>, described at <c>/openapi/v1.json</c>.</summary>
static class ApiSetUp
{
    const string Root = "api/v1";

    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MessagePages>();
        builder.Services.AddSingleton<RoomDirectory>();
        // A number is a number, in what is taken and in the description.
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        // What cannot be read is a status, which ApiProblems gives its sentence; also in Development.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        builder.Services.AddOpenApi("v1", options =>
        {
            options.ShouldInclude = one => one.RelativePath?.StartsWith(Root, StringComparison.Ordinal) == true;
            ApiDescription.Describe(options);
        });
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi();
        var api = app.MapGroup(Root).AddEndpointFilter<ApiRefusals>();
        IncomingApi.Map(api);
        PracticesApi.Map(api.MapGroup("/practices").AllowAnonymous().AddEndpointFilter<PracticesGate>());
        var members = api.MapGroup("").RequireAuthorization();
        SearchApi.Map(members);
        var rooms = members.MapGroup("/rooms").AddEndpointFilter<ApiGate>();
        RoomsApi.Map(rooms);
        MessagesApi.Map(rooms);
        HoursApi.Map(rooms);
        SessionsApi.Map(members.MapGroup("/sessions").AddEndpointFilter<ApiGate>());
    }
}
