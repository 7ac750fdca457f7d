using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>Every page, light and dark, on a phone, a tablet and a desk, and enlarged; and whom it asks. A new page fails until it has a row in <see cref="Pages"/>.</summary>
public sealed class EveryPageForEveryone(SeenPages seen) : IClassFixture<SeenPages>
{
    const string Visitor = "";
    const string Admin = "admin@demo.example";
    const string Member = "member@demo.example";
    const string Trainer = "trainer@demo.example";
    const int Tablet = 768;

    // As few windows after each other as show everything: each costs the browser a layout.
    static readonly (ColorScheme Scheme, int Width)[] Looks = [(ColorScheme.Light, 360), (ColorScheme.Light, Tablet), (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Dark, 360)];

    /// <summary>Route of the page, an address of it ({direct} and {edited} are made before), and who looks.</summary>
    internal static readonly (string Route, string Address, string Who)[] Pages =
    [
        ("/", "/", Visitor),
        ("/", "/", Member),
        ("/Account/Login", "/Account/Login", Visitor),
        ("/Account/Register", "/Account/Register", Visitor),
        ("/Account/Confirm", "/Account/Confirm", Visitor),
        ("/Account/Resend", "/Account/Resend", Visitor),
        ("/Account/ForgotPassword", "/Account/ForgotPassword", Visitor),
        ("/Account/ResetPassword", "/Account/ResetPassword", Visitor),
        ("/Account/Join/{Code}", "/Account/Join/there-is-none", Visitor),
        ("/Account/SetUp", "/Account/SetUp?code=there-is-none", Visitor),
        ("/Account/Security", "/Account/Security", Member),
        ("/Account/Sessions", "/Account/Sessions", Member),
        ("/Account/Reconfirm", "/Account/Reconfirm", Member),
        ("/Account/Email", "/Account/Email", Member),
        ("/Account/NewEmail", "/Account/NewEmail", Visitor),
        ("/Account/TwoFactor", "/Account/TwoFactor", Member),
        ("/Account/Passkeys", "/Account/Passkeys", Member),
        ("/Account/Providers", "/Account/Providers", Member),
        ("/Account/OpenId", "/Account/OpenId", Visitor),
        ("/Account/SecondStep", "/Account/SecondStep", Visitor),
        ("/Account/Profile", "/Account/Profile", Member),
        ("/Account/Delete", "/Account/Delete", Member),
        ("/Account/Export", "/Account/Export", Member),
        ("/privacy", "/privacy", Visitor),
        ("/privacy", "/privacy", Member),
        ("/accessibility", "/accessibility", Visitor),
        ("/status", "/there/is/no/such/page", Visitor),
        ("/status", "/there/is/no/such/page", Member),
        ("/people", "/people", Member),
        ("/people/{handle}", "/people/nikos-tsamouris", Member),
        ("/organisations", "/organisations", Visitor),
        ("/organisations/{slug}", "/organisations/{organisation}", Visitor),
        ("/organisations/new", "/organisations/new", Admin),
        ("/organisations/{slug}/edit", "/organisations/{organisation}/edit", Admin),
        ("/invitations", "/invitations", Admin),
        ("/admin", "/admin", Admin),
        ("/admin/members/{Handle}", "/admin/members/nikos-tsamouris", Admin),
        ("/admin/members/{Handle}/delete", "/admin/members/nikos-tsamouris/delete", Admin),
        ("/admin/log", "/admin/log", Admin),
        ("/admin/figures", "/admin/figures", Admin),
        ("/rooms", "/rooms", Member),
        ("/rooms/new", "/rooms/new", Admin),
        ("/rooms/{Room}", "/rooms/welcome", Member),
        ("/rooms/{Room}", "/rooms/welcome?before=20", Member),
        ("/rooms/{Room}", "/rooms/welcome?reply={edited}", Admin),
        ("/rooms/{Room}", "/rooms/welcome?edit={edited}", Admin),
        ("/rooms/{Room}", "/rooms/welcome?menu={edited}", Admin),
        ("/rooms/{Room}", "/rooms/there-is-none", Member),
        ("/rooms/{Room}/{TopicSlug}", "/rooms/welcome/introductions", Member),
        ("/rooms/{Room}/{TopicSlug}", "/rooms/micro-credentials/who-signs-who-answers-for-it", Admin),
        ("/rooms/{Room}/{TopicSlug}/resolve", "/rooms/welcome/introductions/resolve", Admin),
        ("/rooms/{Room}/{TopicSlug}/rename", "/rooms/welcome/introductions/rename", Admin),
        ("/rooms/{Room}/export", "/rooms/welcome/export", Member),
        ("/rooms/{Room}/{TopicSlug}/export", "/rooms/welcome/introductions/export", Member),
        ("/rooms/{Room}/messages/{Seq:long}/move", "/rooms/welcome/messages/{edited}/move", Admin),
        ("/rooms/{Room}/hours", "/rooms/prior-learning/hours", Member),
        ("/rooms/{Room}/hours", "/rooms/prior-learning/hours", Admin),
        ("/rooms/{Room}/hours/settings", "/rooms/prior-learning/hours/settings", Admin),
        ("/rooms/{Room}/settings", "/rooms/welcome/settings", Admin),
        ("/rooms/{Room}/retention", "/rooms/welcome/retention", Admin),
        ("/rooms/{Conversation}/messages/{Seq:long}/report", "/rooms/welcome/messages/{edited}/report", Member),
        ("/conversations/{Conversation}/messages/{Seq:long}/report", "/conversations/{direct}/messages/{said}/report", Admin),
        ("/moderation", "/moderation", Admin),
        ("/moderation", "/moderation?decided=true", Admin),
        ("/moderation/appeals", "/moderation/appeals", Admin),
        ("/moderation/{Conversation}/{Seq:long}", "/moderation/welcome/{rude}", Admin),
        ("/moderation/{Conversation}/{Seq:long}", "/moderation/welcome/{hidden}", Admin),
        ("/decisions", "/decisions", "member4@demo.example"),
        ("/decisions", "/decisions", Member),
        ("/decisions/{Id:int}", "/decisions/{statement}", "member4@demo.example"),
        ("/decisions/{Id:int}", "/decisions/1", Admin),
        ("/outcomes", "/outcomes", Member),
        ("/outcomes", "/outcomes?outcome=None&from=2020-01-01&to=2020-01-02", Member),
        ("/rooms/{Room}/practice", "/rooms/apprentices-stay/practice?topic=abschlussgesprach-welche-fragen", Admin),
        ("/rooms/{Room}/{TopicSlug}/resolutions", "/rooms/apprentices-stay/abschlussgesprach-welche-fragen/resolutions", Member),
        ("/practices", "/practices", Visitor),
        ("/practices", "/practices?theme=small-firms&q=machine", Member),
        ("/practices", "/practices?country=IS", Visitor),
        ("/practices/{Slug}", "/practices/the-tenth-day-call?language=de", Visitor),
        ("/practices/{Slug}", "/practices/machines-lent-to-schools", Admin),
        ("/practices/{Slug}/versions", "/practices/the-tenth-day-call/versions", Visitor),
        ("/practices/{Slug}/versions/{Number:int}", "/practices/the-tenth-day-call/versions/1", Visitor),
        ("/practices/{Slug}/adoptions", "/practices/the-tenth-day-call/adoptions", Visitor),
        ("/practices/{Slug}/adoptions", "/practices/the-tenth-day-call/adoptions", Member),
        ("/collections", "/collections", Visitor),
        ("/collections", "/collections?list=mine", Member),
        ("/collections/{Slug}", "/collections/the-first-hundred-days", Visitor),
        ("/collections/{Slug}", "/collections/prima-di-aprire-un-corso", "editor@demo.example"),
        ("/collections/{Slug}/edit", "/collections/the-first-hundred-days/edit", "editor@demo.example"),
        ("/collections/new", "/collections/new?practice=the-tenth-day-call", Member),
        ("/practices/{Slug}/collect", "/practices/the-tenth-day-call/collect", Admin),
        ("/practices/{Slug}/collect", "/practices/a-course-that-failed/collect", Member),
        ("/practices/new", "/practices/new", Member),
        ("/practices/desk", "/practices/desk", Member),
        ("/practices/saved", "/practices/saved", Member),
        ("/practices/saved", "/practices/saved?saved=true", Admin),
        ("/practices/template", "/practices/template", Admin),
        ("/practices/desk", "/practices/desk", Admin),
        ("/practices/desk", "/practices/desk?list=All", "editor@demo.example"),
        ("/practices/desk", "/practices/desk?list=Due", Member),
        ("/practices/{Slug}/check", "/practices/a-course-that-failed/check", "editor@demo.example"),
        ("/practices/{Slug}/edit", "/practices/a-course-that-failed/edit", "editor@demo.example"),
        ("/practices/{Slug}/details", "/practices/a-course-that-failed/details", "editor@demo.example"),
        ("/practices/{Slug}/history", "/practices/a-course-that-failed/history?from=1&to=1", "editor@demo.example"),
        ("/practices/{Slug}/translate", "/practices/machines-lent-to-schools/translate?language=it", "editor@demo.example"),
        ("/practices/translations", "/practices/translations", "editor@demo.example"),
        ("/practices/{Slug}/review", "/practices/a-course-that-failed/review", "editor@demo.example"),
        ("/practices/{Slug}/review", "/practices/peer-visits-between-assessors/review", "reviewer@demo.example"),
        ("/practices/{Slug}/talk", "/practices/peer-visits-between-assessors/talk", "editor@demo.example"),
        ("/practices/{Slug}/talk", "/practices/peer-visits-between-assessors/talk?topic=resources-needed", "reviewer@demo.example"),
        ("/practice-drafts", "/practice-drafts", Admin),
        ("/practice-drafts", "/practice-drafts", Member),
        ("/practice-drafts/{Id:int}", "/practice-drafts/1", "coordinator@demo.example"),
        ("/practice-drafts/{Id:int}", "/practice-drafts/1", "editor@demo.example"),
        ("/practice-drafts/{Id:int}/edit", "/practice-drafts/1/edit", "editor@demo.example"),
        ("/quotes", "/quotes", "counsellor@demo.example"),
        ("/quotes", "/quotes", Member),
        ("/rooms/{Room}/messages/{Seq:long}/translations", "/rooms/welcome/messages/{bridged}/translations", Admin),
        ("/rooms/{Room}/messages/{Seq:long}/translations", "/rooms/welcome/messages/{bridged}/translations", Member),
        ("/rooms/{Room}/messages/{Seq:long}/translations/{To}", "/rooms/welcome/messages/{bridged}/translations/es", Admin),
        ("/rooms/{Room}/messages/{Seq:long}/translations/{To}", "/rooms/welcome/messages/{bridged}/translations/el", Member),
        ("/bridging", "/bridging", Admin),
        ("/bridging", "/bridging?list=Asked", Member),
        ("/bridging", "/bridging?list=Done", Admin),
        ("/glossary", "/glossary", Admin),
        ("/glossary", "/glossary?q=nothingthatanybodysaid", Member),
        ("/glossary/{Id:int}", "/glossary/{term}", Admin),
        ("/glossary/{Id:int}", "/glossary/{term}", Member),
        ("/rooms/{Room}/webhooks", "/rooms/welcome/webhooks", Admin),
        ("/rooms/{Room}/webhooks/{Id:int}", "/rooms/welcome/webhooks/{webhook}", Admin),
        ("/rooms/{Room}/members", "/rooms/welcome/members", Admin),
        ("/rooms/{Room}/polls/new", "/rooms/welcome/polls/new?topic=Introductions", Member),
        ("/rooms/{Room}/polls/{Seq:long}", "/rooms/welcome/polls/{poll}", Member),
        ("/rooms/{Room}/polls/{Seq:long}", "/rooms/welcome/polls/{ended}", Admin),
        ("/scheduled", "/scheduled", Member),
        ("/scheduled", "/scheduled", Admin),
        ("/scheduled/new", "/scheduled/new?to=welcome", Member),
        ("/scheduled/{Id:int}", "/scheduled/{scheduled}", Admin),
        ("/rooms/{Room}/messages/{Seq:long}/history", "/rooms/welcome/messages/{edited}/history", Admin),
        ("/rooms/{Room}/messages/{Seq:long}/language", "/rooms/welcome/messages/{edited}/language", Admin),
        ("/conversations/{Room}/messages/{Seq:long}/language", "/conversations/{direct}/messages/{said}/language", Admin),
        ("/sessions", "/sessions", Member),
        ("/sessions", "/sessions?past=true", Trainer),
        ("/sessions/new", "/sessions/new", Trainer),
        ("/sessions/{Slug}", "/sessions/the-first-hundred-days", Member),
        ("/sessions/{Slug}", "/sessions/the-first-hundred-days", Trainer),
        ("/sessions/{Slug}/edit", "/sessions/the-first-hundred-days/edit", Trainer),
        ("/sessions/{Slug}/deck", "/sessions/the-first-hundred-days/deck?language=it", Trainer),
        ("/sessions/{Slug}/pages", "/sessions/the-first-hundred-days/pages", Trainer),
        ("/sessions/{Slug}", "/sessions/{full}", Member),
        ("/sessions/{Slug}", "/sessions/{held}", Member),
        ("/sessions/{Slug}", "/sessions/{full}", Trainer),
        ("/sessions/{Slug}/edit", "/sessions/{full}/edit", Trainer),
        ("/sessions/{Slug}/registrations", "/sessions/{full}/registrations", Trainer),
        ("/sessions/{Slug}/registrations", "/sessions/{held}/registrations", Trainer),
        ("/sessions/{Slug}/figures", "/sessions/{held}/figures", Trainer),
        ("/sessions/{Slug}/figures", "/sessions/{full}/figures", Trainer),
        ("/sessions/{Slug}/form", "/sessions/{full}/form", Trainer),
        ("/sessions/{Slug}/form", "/sessions/{full}/form?language=it", Trainer),
        ("/sessions/{Slug}/register", "/sessions/{full}/register", Member),
        ("/sessions/{Slug}", "/sessions/{series}", Member),
        ("/sessions/{Slug}/edit", "/sessions/{series}/edit", Trainer),
        ("/sessions/{Slug}/attendance", "/sessions/{held}/attendance", Trainer),
        ("/sessions/{Slug}/certificate", "/sessions/{held}/certificate", Member),
        ("/certificates/{Code}", "/certificates/{certificate}", Visitor),
        ("/sessions/{Slug}/attendance", "/sessions/the-first-hundred-days/attendance", Trainer),
        ("/sessions/{Slug}/desk", "/sessions/the-first-hundred-days/desk", Trainer),
        ("/sessions/{Slug}/captions", "/sessions/the-first-hundred-days/captions?language=el", Trainer),
        ("/sessions/{Slug}/stage", "/sessions/the-first-hundred-days/stage", "member5@demo.example"),
        ("/sessions/{Slug}/stage", "/sessions/the-first-hundred-days/stage?view=projector", Trainer),
        ("/sessions/{Slug}/stage", "/sessions/the-first-hundred-days/stage?slide=3", Trainer),
        ("/sessions/{Slug}/devices", "/sessions/the-first-hundred-days/devices", "member5@demo.example"),
        ("/sessions/{Slug}/media", "/sessions/the-first-hundred-days/media", Trainer),
        ("/sessions/{Slug}/questions", "/sessions/the-first-hundred-days/questions", Trainer),
        ("/sessions/{Slug}/questions", "/sessions/a-quarter-of-an-hour-on-friday/questions", Member),
        ("/sessions/{Slug}/notes", "/sessions/the-first-hundred-days/notes", Trainer),
        ("/sessions/{Slug}/notes", "/sessions/a-quarter-of-an-hour-on-friday/notes", Member),
        ("/sessions/{Slug}/lesson", "/sessions/a-quarter-of-an-hour-on-friday/lesson", Trainer),
        ("/lessons", "/lessons", Visitor),
        ("/lessons/{Slug}", "/lessons/{lesson}", Visitor),
        ("/lessons/{Slug}", "/lessons/{lesson}", Trainer),
        ("/lessons/{Slug}/edit", "/lessons/{lesson}/edit", Trainer),
        ("/sessions/{Slug}/minutes", "/sessions/a-quarter-of-an-hour-on-friday/minutes", Trainer),
        ("/sessions/{Slug}/minutes", "/sessions/{held}/minutes", Trainer),
        ("/sessions/{Slug}/minutes", "/sessions/{held}/minutes", Member),
        ("/sessions/{Slug}/replay", "/sessions/a-quarter-of-an-hour-on-friday/replay?at=1200&q=friday", Member),
        ("/sessions/{Slug}/replay", "/sessions/the-first-hundred-days/replay", Trainer),
        ("/sessions/{Slug}", "/sessions/a-quarter-of-an-hour-on-friday", Member),
        ("/join/{Code}", "/join/{code}", Member),
        ("/join", "/join", Visitor),
        ("/join/{Code}/guest", "/join/{guests}/guest", Visitor),
        ("/sessions/{Slug}/guests", "/sessions/{full}/guests", Trainer),
        ("/notices", "/notices", Member),
        ("/notices", "/notices?before=1-1", Member),
        ("/notices/settings", "/notices/settings", Member),
        ("/notices/stop", "{stop}", Visitor),
        ("/search", "/search", Member),
        ("/search", "/search?q=the", Member),
        ("/search", "/search?q=nothingthatanybodysaid", Member),
        ("/search", "/search?q=before:yesterday", Member),
        ("/conversations/{Direct:int}", "/conversations/{direct}", Admin),
        ("/conversations/{Room}/messages/{Seq:long}/history", "/conversations/{direct}/messages/{said}/history", Admin),
    ];

    /// <summary>The half of the pages that this class looks at; the other half is looked at beside it, in <see cref="EveryOtherPageForEveryone"/>.</summary>
    public static TheoryData<string, string> Rows() => Half(0);

    internal static TheoryData<string, string> Half(int half)
    {
        var rows = new TheoryData<string, string>();
        foreach (var (_, (_, address, who)) in Pages.Index().Where(page => page.Index % 2 == half))
            rows.Add(address, who);
        return rows;
    }

    [Promise("AX1")]
    [Promise("PR3")]
    [Theory]
    [MemberData(nameof(Rows))]
    public Task It_asks_nobody_else_axe_finds_nothing_and_no_word_is_cut_off(string address, string who) => LookAsync(seen, address, who);

    internal static async Task LookAsync(SeenPages seen, string address, string who)
    {
        var page = await seen.PageAsync(who);
        var asked = new AskedOfOthers(page, seen.Origin);
        await asked.LookAsync(await page.ShowAsync(seen.Fill(address)));
        foreach (var (scheme, width) in Looks)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await page.ResizeAsync(width, 900, dark: scheme == ColorScheme.Dark);
            var found = await Axe.FindAsync(page, (scheme, width) switch
            {
                // In the dark nothing but the colours is another.
                (ColorScheme.Dark, _) => Axe.OfColours,
                // What a tablet shows, a phone or a desk shows too: only its room is another.
                (_, Tablet) => Axe.OfRoom,
                _ => [],
            });
            if (scheme == ColorScheme.Light)
                found = string.Join('\n', [found, .. await page.LookAsync("clipped", "overlapping", "sideways", "small")]).Trim();

            Assert.True(found.Length == 0, $"{address} as {(who.Length == 0 ? "visitor" : who)}, {scheme}, {width} px:\n{found}");
        }
        // What is left of 1280 × 1024 at 400 %.
        await page.ResizeAsync(320, 256, dark: true);
        var enlarged = await page.LookAsync("clipped", "overlapping", "sideways");
        Assert.True(enlarged.Length == 0, string.Join('\n', enlarged));
        Assert.Empty(await asked.FoundAsync());
    }

    [Fact]
    public void Every_page_of_the_program_has_a_row()
    {
        var routes = typeof(App.Texts.RoomTexts).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template);

        Assert.Equal(routes.Order(StringComparer.Ordinal), Pages.Select(page => page.Route).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }
}

/// <summary>The other half of the pages: two classes run at the same time.</summary>
public sealed class EveryOtherPageForEveryone(SeenPages seen) : IClassFixture<SeenPages>
{
    public static TheoryData<string, string> Rows() => EveryPageForEveryone.Half(1);

    [Promise("AX1")]
    [Promise("PR3")]
    [Theory]
    [MemberData(nameof(Rows))]
    public Task It_asks_nobody_else_axe_finds_nothing_and_no_word_is_cut_off(string address, string who) => EveryPageForEveryone.LookAsync(seen, address, who);
}
