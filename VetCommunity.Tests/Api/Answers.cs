using System.Text.Json;
using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests.Api;

/// <summary>What the programs' addresses answer, as tests read it.</summary>
static class Answers
{
    /// <summary>All pages, by the cursor in the body; the header says the same.</summary>
    public static async Task<List<JsonElement>> PagesAsync(HttpClient who, string address, string list, bool newestFirst = false)
    {
        List<JsonElement> all = [];
        for (string? next = address; next is not null;)
        {
            using var answer = await who.GetAsync(next);
            var page = await JsonAsync(answer);
            all.InsertRange(newestFirst ? 0 : all.Count, page.GetProperty(list).EnumerateArray());
            var cursor = page.GetProperty("next").GetString();
            Assert.Equal(cursor is not null, answer.Headers.TryGetValues("Link", out var link));
            next = link?.Single().Split('<', '>')[1];
            Assert.True(next is null || (next.Contains("cursor=" + cursor, StringComparison.Ordinal) && link!.Single().EndsWith("; rel=\"next\"", StringComparison.Ordinal)));
            Assert.True(all.Count < 5000);
        }
        return all;
    }

    public static async Task AssertProblemAsync(HttpResponseMessage answer, int status, string says)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await JsonAsync(answer, mustSucceed: false);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        Assert.Contains(says, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(".", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>The rule's name, and a sentence.</summary>
    public static async Task AssertAsync(HttpResponseMessage answer, int status, Refusal refusal)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await JsonAsync(answer, mustSucceed: false);
        Assert.Equal((refusal.ToString(), true), (problem.GetProperty("refusal").GetString(), problem.GetProperty("detail").GetString()!.EndsWith('.')));
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, bool mustSucceed = true)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(!mustSucceed || answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
