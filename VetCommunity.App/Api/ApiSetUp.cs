using VetCommunity.App.Search;

namespace VetCommunity.App.Api;

/// <summary>What programs call: everything under <c>/api/v1</c>, described at <c>/openapi/v1.json</c>.</summary>
static class ApiSetUp
{
    const string Root = "api/v1";

    public static void AddApi(this WebApplicationBuilder builder) =>
        builder.Services.AddOpenApi("v1", options => options.ShouldInclude = one => one.RelativePath?.StartsWith(Root, StringComparison.Ordinal) == true);

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi();
        var api = app.MapGroup(Root).RequireAuthorization().AddEndpointFilter<ApiRefusals>();
        SearchApi.Map(api);
    }
}
