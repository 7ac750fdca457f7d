using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Data.Sqlite;
using VetCommunity.App.Conversations;
using Xunit;

namespace VetCommunity.Tests.Authorisation;

/// <summary>Walks every page, endpoint and hub method with every role and a visitor, and compares with docs/authorisation.md.</summary>
public sealed class WhoMayDoWhat(ServerWithEverybody server) : IClassFixture<ServerWithEverybody>
{
    const string HubMethod = "hub ";
    const string Page = "page ";

    public static TheoryData<string> Examples() => [.. AuthorisationTable.Read().Select(row => row.What + " " + row.Example)];

    [Promise("AZ1")]
    [Fact]
    public void Every_page_endpoint_and_hub_method_has_a_row_and_every_row_is_one_of_them()
    {
        var there = server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null).SelectMany(Names)
            .Concat(typeof(ConversationsHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(method => !method.IsVirtual).Select(method => HubMethod + method.Name)).Distinct(StringComparer.Ordinal).ToList();

        var rows = AuthorisationTable.Read().Select(row => row.What).Distinct(StringComparer.Ordinal).ToList();

        var missing = there.Except(rows, StringComparer.Ordinal).ToList();
        var gone = rows.Except(there, StringComparer.Ordinal).ToList();
        Assert.True(missing.Count + gone.Count == 0, $"without a row: {string.Join(", ", missing)}; rows of nothing: {string.Join(", ", gone)}");
    }

    [Promise("AZ2")]
    [Promise("AZ3")]
    [Promise("HD1")]
    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Everybody_gets_what_the_row_says(string example)
    {
        var row = AuthorisationTable.Read().Single(row => row.What + " " + row.Example == example);
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var caller in row.Answers.Keys)
        {
            answers[caller] = row.What.StartsWith(HubMethod, StringComparison.Ordinal)
                ? await InvokeAsync(caller, row.What[HubMethod.Length..], row.Example)
                : await CallAsync(caller, row);
        }

        var found = row with { Answers = answers };
        Assert.True(row.ToString() == found.ToString(), $"docs/authorisation.md says\n{row}\nand this was found:\n{found}");
    }

    [Promise("AZ4")]
    [Fact]
    public async Task A_form_forged_by_somebody_who_may_not_see_it_changes_nothing()
    {
        var forged = 0;
        var forms = new List<(AuthorisationRow Row, string Address, Dictionary<string, string> Fields)>();
        foreach (var row in AuthorisationTable.Read().Where(row => row.What.StartsWith(Page, StringComparison.Ordinal) && row.Answers.Values.Distinct(StringComparer.Ordinal).Count() > 1 && row.Answers.Values.Contains("yes")))
        {
            var allowed = row.Answers.Last(answer => answer.Value == "yes").Key;
            using var answer = await server.As(allowed).SendAsync(HttpMethod.Get, await FilledAsync(row.Example));
            forms.AddRange(FormsOf(await answer.Content.ReadAsStringAsync(), answer.RequestMessage!.RequestUri!.PathAndQuery).Select(form => (row, form.Address, form.Fields)));
        }
        var before = Checksum();

        foreach (var (row, address, fields) in forms)
        {
            foreach (var (caller, _) in row.Answers.Where(answer => answer.Value != "yes"))
            {
                using var answer = await server.As(caller).SendAsync(HttpMethod.Post, address, fields);
                Assert.True(Meaning(answer) is "no" or "log in" or "401" or "400", $"{caller} posts to {address}: {answer.StatusCode}");
                forged++;
            }
        }

        Assert.True(forged > 0);
        Assert.Equal(before, Checksum());
    }

    static IEnumerable<string> Names(RouteEndpoint endpoint)
    {
        var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            return [Page + pattern];
        return (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).DefaultIfEmpty("any").Select(method => $"{method} {pattern}");
    }

    async Task<string> CallAsync(string caller, AuthorisationRow row)
    {
        // An endpoint of any method says in its example with which it is called.
        var words = (row.What.StartsWith("any ", StringComparison.Ordinal) ? row.Example : row.What).Split(' ');
        var method = words[0] == Page.Trim() ? HttpMethod.Get : HttpMethod.Parse(words[0]);
        var address = await FilledAsync(row.Example.Split(' ')[^1]);
        // Who logs out is out, with every copy of the cookie.
        using var once = address == "/Account/Logout" ? await server.OnceAsync(caller) : null;
        using var answer = await (once ?? server.As(caller)).SendAsync(method, address);
        StrictHeaders.AssertOn(answer, isVisitors: caller == "visitor");
        return Meaning(answer);
    }

    static string Meaning(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.NotFound => "no",
        HttpStatusCode.Redirect when answer.Headers.Location?.ToString().Contains("/Account/Login", StringComparison.Ordinal) == true => "log in",
        < HttpStatusCode.BadRequest => "yes",
        var status => FormattableString.Invariant($"{(int)status}"),
    };

    async Task<string> InvokeAsync(string caller, string method, string example)
    {
        HubConnection connection;
        try
        {
            connection = await server.ConnectAsync(caller);
        }
        catch (HttpRequestException refused)
        {
            return FormattableString.Invariant($"{(int)refused.StatusCode!}");
        }
        await using (connection)
        {
            try
            {
                var arguments = JsonSerializer.Deserialize<object?[]>(await FilledAsync(example));
                await connection.InvokeCoreAsync(method, typeof(object), arguments!);
                return "yes";
            }
            catch (HubException refused)
            {
                return refused.Message.EndsWith("There is nothing here, or it is not for you to see.", StringComparison.Ordinal) ? "no" : "refused";
            }
        }
    }

    async Task<string> FilledAsync(string example)
    {
        if (example.Contains("{fresh}", StringComparison.Ordinal))
            return example.Replace("{fresh}", FormattableString.Invariant($"{await server.FreshMessageAsync()}"), StringComparison.Ordinal);
        if (example.Contains("{unposted}", StringComparison.Ordinal))
            return example.Replace("{unposted}", await server.FreshUploadAsync("member"), StringComparison.Ordinal);
        if (example.Contains("{poll}", StringComparison.Ordinal))
            return example.Replace("{poll}", FormattableString.Invariant($"{await server.FreshPollAsync()}"), StringComparison.Ordinal);
        return example.Replace("{direct}", server.Direct, StringComparison.Ordinal).Replace("{posted}", server.PostedFile, StringComparison.Ordinal)
            .Replace("{scheduled}", server.Scheduled, StringComparison.Ordinal).Replace("{webhook}", server.Webhook, StringComparison.Ordinal)
            .Replace("{draft}", server.Draft, StringComparison.Ordinal).Replace("{begun}", server.Begun, StringComparison.Ordinal).Replace("{review}", server.Review, StringComparison.Ordinal).Replace("{file-of-practice}", server.DocumentFile, StringComparison.Ordinal).Replace("{term}", server.Term, StringComparison.Ordinal).Replace("{stop}", server.StopCode, StringComparison.Ordinal)
            .Replace("{enquiry}", server.Enquiry, StringComparison.Ordinal).Replace("{saved}", server.Saved, StringComparison.Ordinal).Replace("{collection}", server.Collection, StringComparison.Ordinal).Replace("{calendar}", server.Calendar, StringComparison.Ordinal).Replace("{held}", server.Held, StringComparison.Ordinal).Replace("{lesson}", server.Lesson, StringComparison.Ordinal).Replace("{certificate}", server.Certificate, StringComparison.Ordinal).Replace("{code}", server.JoinCode, StringComparison.Ordinal);
    }

    static IEnumerable<(string Address, Dictionary<string, string> Fields)> FormsOf(string html, string page)
    {
        foreach (var form in new HtmlParser().ParseDocument(html).QuerySelectorAll("main form[method=post]"))
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in form.QuerySelectorAll("input[name], textarea[name], select[name], button[name]"))
                fields[field.GetAttribute("name")!] = field.GetAttribute("value") is { Length: > 0 } value ? value : "forged";
            yield return (form.GetAttribute("action") ?? page, fields);
        }
    }

    // Every row of every table: what nobody may change stays the same to the last bit. What the server itself writes behind earlier posts is no deed of the form.
    string Checksum()
    {
        using var connection = new SqliteConnection($"Data Source={server.DatabaseFile};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var table in Rows(connection, """
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND name NOT IN ('Notices', 'NoticedConversations', 'UnindexedSpans', 'IndexedWords') AND name NOT LIKE 'MessageIndex%' ORDER BY name
            """).ToList())
        {
            // When somebody was last seen is written all the time.
            var columns = table == "Sessions" ? "\"Id\", \"MemberId\", \"Key\", \"ProvenAt\"" : "*";
            foreach (var row in Rows(connection, $"SELECT {columns} FROM \"{table}\"").Order(StringComparer.Ordinal))
                hash.AppendData(Encoding.UTF8.GetBytes($"{table}|{row}\n"));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    static IEnumerable<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of our own tables
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column =>
                reader.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture)));
        }
    }
}
