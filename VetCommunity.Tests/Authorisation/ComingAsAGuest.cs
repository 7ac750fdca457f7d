using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Threading.Channels;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using VetCommunity.App.Conversations;
using VetCommunity.App.Live;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Live;
using VetCommunity.Tests.Files;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Authorisation;

/// <summary>Guests by code over HTTP and the hub: in their session somebody, everywhere else nobody.</summary>
public sealed class ComingAsAGuest(ServerWithEverybody server) : IClassFixture<ServerWithEverybody>
{
    const string NothingHere = "There is nothing here, or it is not for you to see.";

    static async Task<string> TextAsync(HttpResponseMessage answer) =>
        string.Join(' ', (new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync()).QuerySelector("main")?.TextContent ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public async Task A_visitor_is_asked_for_a_name_where_guests_may_come_and_to_log_in_everywhere_else()
    {
        var (slug, code) = await server.SessionForGuestsAsync();
        var visitor = server.As("visitor");
        using (var door = await visitor.SendAsync(HttpMethod.Get, "/join/" + code))
            Assert.Equal($"/join/{code}/guest", door.Headers.Location!.ToString());
        // Of a session without guests, and none at all.
        foreach (var closed in (string[])[server.JoinCode, "WRONGWRO"])
        {
            using var asked = await visitor.SendAsync(HttpMethod.Get, "/join/" + closed);
            Assert.EndsWith($"/Account/Login?ReturnUrl=%2Fjoin%2F{closed}", asked.Headers.Location!.ToString(), StringComparison.Ordinal);
            using var guessed = await visitor.SendAsync(HttpMethod.Get, $"/join/{closed}/guest");
            Assert.EndsWith($"/Account/Login?ReturnUrl=%2Fjoin%2F{closed}", guessed.Headers.Location!.ToString(), StringComparison.Ordinal);
            using var forged = await visitor.SendAsync(HttpMethod.Post, $"/join/{closed}/guest", new() { ["_handler"] = "guest", ["name"] = "Gero" });
            Assert.False(forged.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(line => line.StartsWith("vet-guest=", StringComparison.Ordinal)));
        }
        // With an account one comes with it.
        using (var member = await server.As("member").SendAsync(HttpMethod.Get, "/join/" + code))
            Assert.Equal(HttpStatusCode.OK, member.StatusCode);
        using (var member = await server.As("member").SendAsync(HttpMethod.Get, $"/join/{code}/guest"))
            Assert.EndsWith("/join/" + code, member.Headers.Location!.ToString(), StringComparison.Ordinal);
        using (var typed = await visitor.SendAsync(HttpMethod.Get, $"/join?code=+{code[..4]}-{code[4..]}"))
            Assert.EndsWith("/join/" + code, typed.Headers.Location!.ToString(), StringComparison.Ordinal);

        using (var empty = await visitor.SendAsync(HttpMethod.Post, $"/join/{code}/guest", new() { ["_handler"] = "guest", ["name"] = " … " }))
        {
            Assert.Equal(HttpStatusCode.OK, empty.StatusCode);
            Assert.NotNull(new HtmlParser().ParseDocument(await empty.Content.ReadAsStringAsync()).QuerySelector("main [role=alert]"));
        }
        using var guest = await server.GuestAsync(code, "Gero");
        using (var stage = await guest.SendAsync(HttpMethod.Get, $"/sessions/{slug}/stage"))
            Assert.Contains("You are here as Gero (guest)", await TextAsync(stage), StringComparison.Ordinal);
        // The same browser once more is led straight to the stage.
        using var again = await guest.SendAsync(HttpMethod.Get, $"/join/{code}/guest");
        Assert.EndsWith($"/sessions/{slug}/stage", again.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_takes_part_by_plain_forms_and_sees_nothing_of_the_room()
    {
        var (slug, code) = await server.SessionForGuestsAsync();
        var trainer = await server.ActorAsync("trainer");
        await server.Service<Stages>().StartAsync(trainer, slug);
        using var guest = await server.GuestAsync(code, "Gero");
        var stage = $"/sessions/{slug}/stage";

        using (var shown = await guest.SendAsync(HttpMethod.Get, stage))
        {
            var page = new HtmlParser().ParseDocument(await shown.Content.ReadAsStringAsync());
            Assert.Null(page.QuerySelector(".stage-chat, [data-media], .reactions, a[href^='/rooms'] .stage-acts"));
            Assert.NotNull(page.QuerySelector(".stage-hand-up"));
            Assert.NotNull(page.QuerySelector("#audience-ask"));
            Assert.NotNull(page.QuerySelector("header a[href^='/Account/Login']"));
            var token = LoggingIn.FormToken(await shown.Content.ReadAsStringAsync());
            var cookie = guest.Cookie + "; " + string.Join("; ", shown.Headers.TryGetValues("Set-Cookie", out var lines) ? lines.Select(line => line.Split(';')[0]) : []);
            using var with = new Caller(server.Address, "", (token, cookie.TrimEnd(' ', ';')));
            using var up = await with.SendAsync(HttpMethod.Post, stage, new() { ["_handler"] = "acts", ["hand"] = "up" });
            Assert.EndsWith(stage, up.Headers.Location!.ToString(), StringComparison.Ordinal);
            using var asked = await with.SendAsync(HttpMethod.Post, $"/sessions/{slug}/questions", new() { ["_handler"] = "audience", ["text"] = "When?", ["from"] = "stage" });
            Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
            // A form that the page does not show a guest does nothing.
            using var reaction = await with.SendAsync(HttpMethod.Post, stage, new() { ["_handler"] = "reactions", ["reaction"] = "Yes" });
            Assert.NotEqual(HttpStatusCode.Redirect, reaction.StatusCode);
        }
        var state = (await server.Service<Stages>().SeeAsync(trainer, slug)).State;
        Assert.Equal(["Gero (guest)"], state.Hands.Select(hand => hand.Name));
        Assert.Equal([("When?", "Gero (guest)")], (await server.Service<AudienceQuestions>().SeeAsync(trainer, slug)).Open.Select(one => (one.Text, one.Name!)));
        using (var now = await guest.SendAsync(HttpMethod.Get, stage + "/now"))
            Assert.Contains("Gero (guest)", await now.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // Without a token nothing is done.
        using var bare = new Caller(server.Address, guest.Cookie, default);
        using var forged = await bare.SendAsync(HttpMethod.Post, stage, new() { ["_handler"] = "acts", ["hand"] = "down" });
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Single((await server.Service<Stages>().SeeAsync(trainer, slug)).State.Hands);
    }

    [Fact]
    public async Task Every_address_of_the_table_answers_a_guest_exactly_as_a_visitor()
    {
        var (_, code) = await server.SessionForGuestsAsync();
        using var guest = await server.GuestAsync(code, "Gero");
        var visitor = server.As("visitor");
        var looked = 0;
        foreach (var row in AuthorisationTable.Read().Where(row => !row.What.StartsWith("hub ", StringComparison.Ordinal) && !row.What.Contains("/hubs/conversations", StringComparison.Ordinal)))
        {
            var words = (row.What.StartsWith("any ", StringComparison.Ordinal) ? row.Example : row.What).Split(' ');
            var method = words[0] == "page" ? HttpMethod.Get : HttpMethod.Parse(words[0]);
            var address = Filled(row.Example.Split(' ')[^1]);
            using var asVisitor = await visitor.SendAsync(method, address);
            using var asGuest = await guest.SendAsync(method, address);
            Assert.True((asVisitor.StatusCode, asVisitor.Headers.Location) == (asGuest.StatusCode, asGuest.Headers.Location), $"{row.What}: {asVisitor.StatusCode} {asVisitor.Headers.Location} to a visitor, {asGuest.StatusCode} {asGuest.Headers.Location} to a guest");
            if (method == HttpMethod.Get && asVisitor.Content.Headers.ContentType?.MediaType == "text/html")
                Assert.Equal(await TextAsync(asVisitor), await TextAsync(asGuest));
            looked++;
        }
        Assert.True(looked > 200);
    }

    [Fact]
    public async Task Of_the_own_session_a_guest_has_the_stage_and_its_questions_and_no_other_page()
    {
        var (slug, code) = await server.SessionForGuestsAsync();
        using var guest = await server.GuestAsync(code, "Gero");
        var taken = server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<GuestsTooAttribute>() is not null).Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);
        Assert.Equal(["/hubs/conversations", "/hubs/conversations/negotiate", "/practice-files/{id}/{name}", "/sessions/{Slug}/questions", "/sessions/{Slug}/stage", "/sessions/{slug}/stage/now", "/sessions/{slug}/stage/points", "/sessions/{slug}/stage/questions"], taken);
        foreach (var endpoint in server.Endpoints.Where(endpoint => endpoint.RoutePattern.RawText!.Contains("sessions/{slug}", StringComparison.OrdinalIgnoreCase)))
        {
            var address = "/" + endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{Slug}", slug, StringComparison.OrdinalIgnoreCase);
            if (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods && !methods.Contains("GET"))
                continue;
            using var asGuest = await guest.SendAsync(HttpMethod.Get, address);
            using var asVisitor = await server.As("visitor").SendAsync(HttpMethod.Get, address);
            if (endpoint.Metadata.GetMetadata<GuestsTooAttribute>() is not null)
                Assert.Equal(HttpStatusCode.OK, asGuest.StatusCode);
            else
                Assert.Equal((asVisitor.StatusCode, asVisitor.Headers.Location), (asGuest.StatusCode, asGuest.Headers.Location));
        }
        // Nor the same pages of another session that takes guests.
        var (other, _) = await server.SessionForGuestsAsync();
        // The pictures on its slides, and not those of others.
        async Task<HttpStatusCode> PictureAsync(string of)
        {
            using var drawn = new MemoryStream(MadeFiles.Picture(40, 30, SkiaSharp.SKEncodedImageFormat.Png));
            var shown = await server.Service<DocumentFiles>().AddAsync(await server.ActorAsync("trainer"), DocumentKind.Deck, of, drawn, "plan.png", "The plan");
            using var answer = await guest.SendAsync(HttpMethod.Get, shown[shown.IndexOf(DocumentFiles.Address, StringComparison.Ordinal)..].TrimEnd(')'));
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.OK, await PictureAsync(slug));
        Assert.Equal(HttpStatusCode.NotFound, await PictureAsync(other));
        foreach (var page in (string[])["stage", "questions", "stage/now"])
        {
            using var elsewhere = await guest.SendAsync(HttpMethod.Get, $"/sessions/{other}/{page}");
            Assert.Contains("/Account/Login", elsewhere.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task On_the_hub_a_guest_hears_the_stage_live_and_calls_nothing_else()
    {
        var (slug, code) = await server.SessionForGuestsAsync();
        var trainer = await server.ActorAsync("trainer");
        using var guest = await server.GuestAsync(code, "Gero");
        await using var line = await server.ConnectAsync(guest);
        var heard = Channel.CreateUnbounded<(string Event, JsonElement Told)>();
        foreach (var name in (string[])["StageChanged", "AudienceChanged", "CaptionsChanged", "Fragments", "MessagePosted", "PresenceChanged", "TypingChanged", "StageReactions", "Notice", "AccessEnded", "PollChanged", "PinsChanged"])
            line.On<JsonElement>(name, told => heard.Writer.TryWrite((name, told)));
        var room = (await server.Service<Stages>().SeeAsync(trainer, slug)).State.Room;
        var (other, _) = await server.SessionForGuestsAsync();
        Assert.EndsWith(NothingHere, (await Assert.ThrowsAsync<HubException>(() => line.InvokeAsync("WatchStage", other, "en"))).Message, StringComparison.Ordinal);
        await line.InvokeAsync("WatchStage", slug, "en");

        foreach (var method in typeof(ConversationsHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => !method.IsVirtual && method.Name != "WatchStage"))
        {
            var arguments = method.GetParameters().Where(one => one.GetCustomAttribute<Microsoft.AspNetCore.Mvc.FromServicesAttribute>() is null)
                .Select(one => one.ParameterType == typeof(string) ? (object)(one.Name is "view" ? "html:en" : one.Name is "session" ? slug : room) : one.ParameterType == typeof(long) ? 1L : one.ParameterType == typeof(long?) ? null! : new { conversation = room, session = slug, seq = 1, clientKey = "x", markdown = "x", reaction = "Yes" }).ToArray();
            var refused = await Assert.ThrowsAsync<HubException>(() => line.InvokeCoreAsync(method.Name, typeof(object), arguments));
            Assert.True(refused.Message.EndsWith(NothingHere, StringComparison.Ordinal), $"{method.Name}: {refused.Message}");
        }

        await server.Service<AllConversations>().PostAsync(trainer, new(room, "secret", null, "Between members"));
        await server.Service<Stages>().StartAsync(trainer, slug);
        await server.Service<AllConversations>().PostAsync(trainer, new(room, "secret-2", null, "Once more"));
        await server.Service<Stages>().SetTimerAsync(trainer, slug, 5);
        var told = new List<(string Event, JsonElement Told)>();
        while (told.Count == 0 || told[^1].Told.GetProperty("version").GetInt64() < 2)
            told.Add(await heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Enough, TestContext.Current.CancellationToken));
        Assert.All(told, one => Assert.Equal("StageChanged", one.Event));
        Assert.DoesNotContain(told, one => one.Told.GetRawText().Contains("Between members", StringComparison.Ordinal));
        Assert.Contains("stage-timer", told[^1].Told.GetProperty("html").GetString(), StringComparison.Ordinal);

        // A guest who is taken out hears it, and the line hears nothing more.
        var handle = (await server.Service<Guests>().ListAsync(trainer, slug, 1)).Rows[0].Handle;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        line.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await server.Service<Guests>().RemoveAsync(trainer, slug, handle);
        // What was on its way comes before it.
        for (var last = ""; last != "AccessEnded"; Assert.Contains(last, (string[])["StageChanged", "AccessEnded"]))
            (last, _) = await heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        await closed.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        using (var gone = await guest.SendAsync(HttpMethod.Get, $"/sessions/{slug}/stage"))
            Assert.Contains("/Account/Login", gone.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<HttpRequestException>(() => server.ConnectAsync(guest))).StatusCode);
        var page = $"/join/{code}/guest";
        using var back = await guest.SendAsync(HttpMethod.Post, page, new() { ["_handler"] = "guest", ["name"] = "Gero again" });
        Assert.Contains("You were taken out of this session", await TextAsync(back), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_session_is_over_a_guest_reads_that_and_nothing_more()
    {
        var (slug, code) = await server.SessionForGuestsAsync();
        var trainer = await server.ActorAsync("trainer");
        await server.Service<Stages>().StartAsync(trainer, slug);
        using var guest = await server.GuestAsync(code, "Gero");
        using (var before = await guest.SendAsync(HttpMethod.Get, $"/sessions/{slug}/questions"))
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await server.Service<Stages>().EndAsync(trainer, slug);

        foreach (var address in (string[])[$"/sessions/{slug}/stage", $"/sessions/{slug}/stage?slide=1"])
        {
            using var stage = await guest.SendAsync(HttpMethod.Get, address);
            var text = await TextAsync(stage);
            Assert.Contains("The session is over", text, StringComparison.Ordinal);
            Assert.Null(new HtmlParser().ParseDocument(await stage.Content.ReadAsStringAsync()).QuerySelector(".slide"));
        }
        foreach (var page in (string[])["questions", "stage/questions", "stage/points", "replay"])
        {
            using var closed = await guest.SendAsync(HttpMethod.Get, $"/sessions/{slug}/{page}");
            Assert.Contains("/Account/Login", closed.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
        using var late = await server.As("visitor").SendAsync(HttpMethod.Get, "/join/" + code);
        Assert.Contains("/Account/Login", late.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    string Filled(string example) => example.Replace("{direct}", server.Direct, StringComparison.Ordinal).Replace("{posted}", server.PostedFile, StringComparison.Ordinal).Replace("{scheduled}", server.Scheduled, StringComparison.Ordinal)
        .Replace("{webhook}", server.Webhook, StringComparison.Ordinal).Replace("{draft}", server.Draft, StringComparison.Ordinal).Replace("{begun}", server.Begun, StringComparison.Ordinal).Replace("{review}", server.Review, StringComparison.Ordinal)
        .Replace("{file-of-practice}", server.DocumentFile, StringComparison.Ordinal).Replace("{term}", server.Term, StringComparison.Ordinal).Replace("{stop}", server.StopCode, StringComparison.Ordinal).Replace("{enquiry}", server.Enquiry, StringComparison.Ordinal)
        .Replace("{saved}", server.Saved, StringComparison.Ordinal).Replace("{collection}", server.Collection, StringComparison.Ordinal).Replace("{calendar}", server.Calendar, StringComparison.Ordinal).Replace("{held}", server.Held, StringComparison.Ordinal).Replace("{lesson}", server.Lesson, StringComparison.Ordinal)
        .Replace("{certificate}", server.Certificate, StringComparison.Ordinal).Replace("{code}", server.JoinCode, StringComparison.Ordinal).Replace("{fresh}", "1", StringComparison.Ordinal).Replace("{unposted}", server.PostedFile, StringComparison.Ordinal);
}
