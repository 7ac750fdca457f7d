using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using VetCommunity.Tests.Authorisation;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Api;

/// <summary><c>/openapi/v1.json</c> against the endpoints that there are, and against real answers.</summary>
public class DescribingItself(RunningCommunity community, ServerWithEverybody server) : IClassFixture<RunningCommunity>, IClassFixture<ServerWithEverybody>
{
    // What their address says is all that they need.
    static readonly string[] WithoutBody = ["PUT /api/v1/rooms/{room}/messages/{seq}/reactions/{emoji}", "POST /api/v1/rooms/{room}/hours/queue/next", "PUT /api/v1/rooms/{room}/hours/enquiries/{seq}/answered", "PUT /api/v1/sessions/{slug}/hand"];

    [Fact]
    public async Task Every_call_for_programs_is_described_with_its_errors()
    {
        var document = await DocumentAsync();
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Call: $"{operation.Name.ToUpperInvariant()} {path.Name}", Operation: operation.Value))).ToDictionary(one => one.Call, one => one.Operation);

        Assert.Equal(server.Endpoints.SelectMany(Calls).Order(StringComparer.Ordinal), described.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(described.Count, described.Values.Select(operation => operation.GetProperty("operationId").GetString()).Distinct().Count());
        foreach (var (call, operation) in described)
        {
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()), call);
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
            var responses = operation.GetProperty("responses").EnumerateObject().ToDictionary(one => one.Name, one => one.Value);
            Assert.Contains(responses.Keys, status => status.StartsWith('2'));
            foreach (var status in (string[])["400", "401", "404", "429", "503"])
                Assert.True(responses.TryGetValue(status, out var problem) && problem.GetProperty("content").TryGetProperty("application/problem+json", out _), $"{call} {status}");
            // Without an account there is the address that is a right in itself, and what visitors may read: of both ways one is empty.
            Assert.True(operation.TryGetProperty("security", out _) != call.Contains("/hooks/", StringComparison.Ordinal), call);
            Assert.Equal(call.Contains("/practices", StringComparison.Ordinal), operation.TryGetProperty("security", out var ways) && ways.GetArrayLength() == 2 && !ways[0].EnumerateObject().Any());
            Assert.True(call[..4] is not ("POST" or "PUT " or "PATC") || WithoutBody.Contains(call) || operation.TryGetProperty("requestBody", out _), call);
        }
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("token").GetProperty("scheme").GetString());
    }

    [Fact]
    public async Task Real_answers_have_what_is_described_and_nothing_else()
    {
        var document = await DocumentAsync();
        using var member = await community.ScriptAsync("member@demo.example");
        await community.PostWithFilesAsync("member@demo.example", "welcome", "With a file", ("note.txt", "A note"u8.ToArray()));
        using var posted = await member.PostAsJsonAsync("/api/v1/rooms/welcome/messages", new { markdown = "Described" });
        AssertAs(document, "/api/v1/rooms/{room}/messages", "post", "201", await posted.Content.ReadFromJsonAsync<JsonElement>());
        using var reacted = await member.PutAsync(posted.Headers.Location + "/reactions/" + Uri.EscapeDataString("👍"), null);
        reacted.EnsureSuccessStatusCode();
        foreach (var (path, address) in ((string, string)[])[
            ("/api/v1/rooms", "/api/v1/rooms"), ("/api/v1/rooms/{room}", "/api/v1/rooms/welcome"), ("/api/v1/rooms/{room}/topics", "/api/v1/rooms/micro-credentials/topics"),
            ("/api/v1/rooms/{room}/messages", "/api/v1/rooms/welcome/messages"), ("/api/v1/rooms/{room}/messages/{seq}", posted.Headers.Location!.ToString()), ("/api/v1/search", "/api/v1/search?q=the"),
            ("/api/v1/practices", "/api/v1/practices?theme=trainers&limit=2"), ("/api/v1/practices/{slug}", "/api/v1/practices/the-tenth-day-call"),
            ("/api/v1/rooms/{room}/hours", "/api/v1/rooms/prior-learning/hours"), ("/api/v1/rooms/{room}/hours/enquiries", "/api/v1/rooms/prior-learning/hours/enquiries")])
            AssertAs(document, path, "get", "200", await member.GetFromJsonAsync<JsonElement>(address));
    }

    static IEnumerable<string> Calls(RouteEndpoint endpoint)
    {
        var pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace(":long", "", StringComparison.Ordinal).Replace(":int", "", StringComparison.Ordinal);
        return pattern.StartsWith("/api/", StringComparison.Ordinal) ? (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} {pattern}") : [];
    }

    static void AssertAs(JsonElement document, string path, string method, string status, JsonElement answer) => AssertAs(document,
        document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty(status).GetProperty("content").GetProperty("application/json").GetProperty("schema"), answer, path);

    static void AssertAs(JsonElement document, JsonElement schema, JsonElement value, string where)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        if (schema.TryGetProperty("oneOf", out var either))
            schema = either.EnumerateArray().First(one => (one.TryGetProperty("type", out var kind) && kind.ToString() == "null") == (value.ValueKind == JsonValueKind.Null));
        if (schema.TryGetProperty("$ref", out reference))
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        var types = schema.GetProperty("type");
        var allowed = types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Select(one => one.GetString()).ToList() : [types.GetString()];
        var actual = value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "integer",
            JsonValueKind.Null => "null",
            _ => "boolean",
        };
        Assert.True(allowed.Contains(actual), $"{where}: {actual} is none of {string.Join(", ", allowed)}");
        if (actual == "array")
        {
            foreach (var item in value.EnumerateArray())
                AssertAs(document, schema.GetProperty("items"), item, where + "[]");
        }
        if (actual != "object")
            return;
        var properties = schema.GetProperty("properties");
        Assert.Equal(properties.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal), value.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal));
        foreach (var property in value.EnumerateObject())
            AssertAs(document, properties.GetProperty(property.Name), property.Value, $"{where}.{property.Name}");
    }

    async Task<JsonElement> DocumentAsync()
    {
        using var stranger = new HttpClient { BaseAddress = community.Address };
        return await stranger.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
    }
}
