using System.Globalization;
using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using VetCommunity.App.Administration;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Administration;

/// <summary>The island's components on a real database.</summary>
public sealed class AnAdministratorsIsland : BunitContext
{
    World _world = null!;

    [Fact]
    public async Task The_list_shows_everybody_and_searching_narrows_it()
    {
        var island = await OpenAsync(world => world.Ada);
        island.WaitForAssertion(() => Assert.Equal(5, Rows(island).Length));

        await island.Find("input[type=search]").InputAsync("weiss");

        island.WaitForAssertion(() => Assert.Equal(["Bruno Weiß"], Rows(island)), Patience.Enough);
        Assert.Equal("1 member", island.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task A_moderator_sees_no_addresses_and_no_boxes_for_roles()
    {
        var island = await OpenAsync(world => world.Carla);
        island.WaitForAssertion(() => Assert.Equal(5, Rows(island).Length));
        Assert.DoesNotContain("@example.org", island.Markup, StringComparison.Ordinal);

        await OpenMemberAsync(island, "Bruno Weiß");

        Assert.Empty(island.FindAll("input[type=checkbox]"));
        Assert.DoesNotContain(island.FindAll("button"), button => button.TextContent.Contains("Save roles", StringComparison.Ordinal));
        Assert.Contains(island.FindAll("button"), button => button.TextContent.Contains("Suspend", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Roles_are_granted_by_their_boxes()
    {
        var island = await OpenAsync(world => world.Ada);
        await OpenMemberAsync(island, "Bruno Weiß");

        await BoxAsync(island, "Trainer", on: true);
        await PressAsync(island, "Save roles");

        island.WaitForAssertion(() => Assert.Contains("The roles of Bruno Weiß are saved.", island.Markup, StringComparison.Ordinal));
        Assert.Equal(Roles.Member | Roles.Trainer, await RolesOfAsync("bruno"));
    }

    [Fact]
    public async Task The_last_administrator_keeps_the_role_and_the_sentence_says_why()
    {
        var island = await OpenAsync(world => world.Ada);
        await OpenMemberAsync(island, "Ada Klein");

        await BoxAsync(island, "Administrator", on: false);
        await PressAsync(island, "Save roles");

        island.WaitForAssertion(() => Assert.Equal("This is the last administrator. Grant the role to somebody else first.", island.Find("[role=alert]").TextContent));
        Assert.True((await RolesOfAsync("ada")).HasFlag(Roles.Administrator));
    }

    [Fact]
    public async Task Roles_that_somebody_else_changed_are_not_overwritten_and_the_new_ones_are_seen()
    {
        var island = await OpenAsync(world => world.Ada);
        await OpenMemberAsync(island, "Bruno Weiß");
        // Past the feed, as another process does it.
        await _world.InDbAsync(db => db.Users.Where(m => m.Handle == "bruno").ExecuteUpdateAsync(set => set.SetProperty(m => m.Roles, Roles.Member | Roles.Editor)));

        await BoxAsync(island, "Trainer", on: true);
        await PressAsync(island, "Save roles");

        island.WaitForAssertion(() => Assert.StartsWith("Somebody else changed this", island.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal(Roles.Member | Roles.Editor, await RolesOfAsync("bruno"));
        Assert.True(Box(island, "Editor").HasAttribute("checked"));
        Assert.False(Box(island, "Trainer").HasAttribute("checked"));
    }

    [Fact]
    public async Task What_another_administrator_does_is_seen_at_once()
    {
        var island = await OpenAsync(world => world.Ada);
        await OpenMemberAsync(island, "Bruno Weiß");

        await Services.GetRequiredService<Accounts>().SuspendAsync(_world.Carla, "bruno", "Adverts", null);

        island.WaitForAssertion(() => Assert.Contains("Somebody changed this account just now.", island.Markup, StringComparison.Ordinal), Patience.Enough);
        Assert.Contains("Adverts", island.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suspending_asks_for_a_reason_and_is_undone_by_lifting()
    {
        var island = await OpenAsync(world => world.Ada);
        await OpenMemberAsync(island, "Bruno Weiß");
        await PressAsync(island, "Suspend");
        island.WaitForAssertion(() => island.Find("textarea"));

        await PressInDialogAsync(island, "Suspend");
        island.WaitForAssertion(() => Assert.Contains("Write something first.", island.Markup, StringComparison.Ordinal));
        await island.Find("textarea").InputAsync("Adverts in every room");
        await PressInDialogAsync(island, "Suspend");
        island.WaitForAssertion(() => Assert.Contains("Choose the last day", island.Markup, StringComparison.Ordinal));
        Assert.NotNull(await Services.GetRequiredService<Accounts>().SignedInAsync(_world.Bruno.MemberId));
        await Box(island, "Without an end, until somebody lifts it").ChangeAsync(true);
        await PressInDialogAsync(island, "Suspend");

        island.WaitForAssertion(() => Assert.Contains("Bruno Weiß is suspended.", island.Markup, StringComparison.Ordinal), Patience.Enough);
        island.WaitForAssertion(() => Assert.Empty(island.FindAll(".mud-dialog")), Patience.Enough);
        Assert.Null(await Services.GetRequiredService<Accounts>().SignedInAsync(_world.Bruno.MemberId));
        await PressAsync(island, "Lift the suspension");
        island.WaitForAssertion(() => Assert.Contains("The suspension of Bruno Weiß is lifted.", island.Markup, StringComparison.Ordinal));
        Assert.NotNull(await Services.GetRequiredService<Accounts>().SignedInAsync(_world.Bruno.MemberId));
    }

    [Fact]
    public async Task A_member_who_has_another_handle_meanwhile_does_not_end_the_island()
    {
        var island = await OpenAsync(world => world.Ada);
        await OpenMemberAsync(island, "Bruno Weiß");
        var profiles = new Profiles(_world.Db, _world.Clock);
        var own = await profiles.OwnAsync(_world.Bruno);
        await profiles.SaveAsync(_world.Bruno, own.Values with { Handle = "bruno-weiss", TimeZone = "Europe/Berlin" }, own.Stamp);

        await Services.GetRequiredService<Accounts>().SuspendAsync(_world.Carla, "olga", "Adverts", null);
        await PressAsync(island, "Save roles");

        island.WaitForAssertion(() => Assert.Contains("bruno", island.Markup, StringComparison.Ordinal), Patience.Enough);
        Assert.DoesNotContain("Your access to this page has ended", island.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_demoted_meanwhile_reads_that_the_access_has_ended_and_nothing_is_done()
    {
        var island = await OpenAsync(world => world.Carla);
        await OpenMemberAsync(island, "Bruno Weiß");
        await Services.GetRequiredService<Accounts>().SetRolesAsync(_world.Ada, "carla", Roles.Member);

        island.WaitForAssertion(() => Assert.Contains("Your access to this page has ended", island.Markup, StringComparison.Ordinal), Patience.Enough);
        Assert.DoesNotContain("Bruno", island.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_island_listens_to_nothing()
    {
        var island = await OpenAsync(world => world.Ada);
        island.WaitForAssertion(() => Assert.Equal(5, Rows(island).Length));
        Assert.Equal(1, _world.Feed.Subscribers);

        await DisposeComponentsAsync();

        Assert.Equal(0, _world.Feed.Subscribers);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await _world.DisposeAsync();
    }

    async Task<IRenderedComponent<MembersIsland>> OpenAsync(Func<World, Actor> who)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        _world = await World.OpenAsync(Database.Sqlite);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddLocalization();
        Services.AddSingleton(_world.Db);
        Services.AddSingleton<TimeProvider>(_world.Clock);
        Services.AddSingleton(_world.Feed);
        Services.AddSingleton(FactorRule.Free);
        Services.AddSingleton<Accounts>();
        var sessions = new Sessions(_world.Db, _world.Feed, _world.Clock, FactorRule.Free);
        Services.AddSingleton(sessions);
        Services.AddSingleton<SeenSessions>();
        Services.AddSingleton<Core.Members.Administration>();
        Services.AddScoped<CircuitActor>();
        var signedIn = await new Accounts(_world.Db, _world.Feed, _world.Clock, FactorRule.Free).SignedInAsync(who(_world).MemberId);
        var session = await sessions.BeginAsync(signedIn!, userAgent: null, isRemembered: false);
        Services.AddSingleton<AuthenticationStateProvider>(new Somebody(MemberPrincipals.Of(new(signedIn!, session))));
        return Render<MembersIsland>();
    }

    static string[] Rows(IRenderedComponent<MembersIsland> island) => [.. island.FindAll("tbody .admin-open").Select(row => row.TextContent)];

    static async Task OpenMemberAsync(IRenderedComponent<MembersIsland> island, string name)
    {
        island.WaitForAssertion(() => Assert.Contains(name, Rows(island)));
        await island.FindAll("tbody .admin-open").Single(row => row.TextContent == name).ClickAsync(new());
        island.WaitForAssertion(() => Assert.Equal(name, island.Find("#member-name").TextContent));
    }

    static AngleSharp.Dom.IElement Box(IRenderedComponent<MembersIsland> island, string role) =>
        island.FindAll("label").Single(label => label.TextContent.Trim() == role).QuerySelector("input")!;

    static Task BoxAsync(IRenderedComponent<MembersIsland> island, string role, bool on) => Box(island, role).ChangeAsync(on);

    static Task PressAsync(IRenderedComponent<MembersIsland> island, string button) =>
        island.InvokeAsync(() => island.FindAll("button").First(one => one.TextContent.Trim() == button).ClickAsync(new()));

    static Task PressInDialogAsync(IRenderedComponent<MembersIsland> island, string button) =>
        island.FindAll(".mud-dialog button").Single(one => one.TextContent.Trim() == button).ClickAsync(new());

    Task<Roles> RolesOfAsync(string handle) => _world.InDbAsync(db => db.Users.Where(m => m.Handle == handle).Select(m => m.Roles).SingleAsync());

    sealed class Somebody(ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
