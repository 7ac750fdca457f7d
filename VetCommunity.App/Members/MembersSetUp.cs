using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VetCommunity.App.CommandLine;
using VetCommunity.App.Limiting;
using VetCommunity.App.Live;
using VetCommunity.App.Shell;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>Accounts, profiles, organisations.</summary>
static class MembersSetUp
{
    /// <summary>The cookie of who is logged in.</summary>
    public const string Cookie = "vet";

    const string CookieOrToken = "CookieOrToken";

    public static void AddMembers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped(provider => provider.GetRequiredService<CommunityDbFactory>().CreateDbContext());
        services.TryAddSingleton(provider => provider.GetRequiredService<Settings>().BreachedFile is { } file ? BreachedPasswords.Open(file) : BreachedPasswords.Shipped);
        services.AddSecondFactors();
        services.TryAddSingleton<Accounts>();
        services.TryAddSingleton<People>();
        services.TryAddSingleton<Profiles>();
        services.TryAddSingleton<Organisations>();
        services.TryAddSingleton<Sessions>();
        services.AddPasskeys();
        services.AddSingleton<ThisBrowser>();
        services.AddSingleton<Proofs>();
        services.AddSingleton<SeenSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<SeenSessions>());
        services.AddHostedService<SessionsThatAreOver>();
        services.TryAddSingleton<Passwords>();
        services.TryAddSingleton<EmailChanges>();
        services.TryAddSingleton<Registration>();
        services.TryAddSingleton<Invitations>();
        services.TryAddSingleton<FirstAdministrator>();
        services.TryAddSingleton<AccountLimits>();
        services.TryAddSingleton<StrangersLockOut>();
        services.AddSingleton<HashingTurns>();
        services.AddScoped<PasswordCheck>();
        services.TryAddSingleton<Core.Members.Administration>();
        services.AddSingleton<OpenConnections>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenConnections>());
        services.AddHostedService<UnconfirmedAccounts>();
        services.AddScoped<CurrentActor>();
        services.AddScoped<MemberCookieEvents>();
        services.AddScoped<GuestCookieEvents>();
        services.AddSingleton<GuestDoors>();
        services.AddIdentityCore<Member>(options =>
            {
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                options.Password.RequiredLength = Accounts.PasswordLength;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                options.Lockout.MaxFailedAccessAttempts = StrangersLockOut.Attempts;
                options.Lockout.DefaultLockoutTimeSpan = StrangersLockOut.Time;
                options.User.RequireUniqueEmail = true;
            })
            .AddEntityFrameworkStores<CommunityDb>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        services.AddAuthentication(CookieOrToken)
            .AddPolicyScheme(CookieOrToken, displayName: null, options => options.ForwardDefaultSelector = http =>
                TokenHandler.Speaks(http.Request) ? TokenHandler.Name : GuestCookie.IsFor(http) ? GuestCookie.Scheme : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.Name, configureOptions: null)
            .AddCookie(IdentityConstants.ApplicationScheme, options =>
            {
                options.Cookie.Name = Cookie;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.IsEssential = true;
                options.LoginPath = "/Account/Login";
                options.LogoutPath = "/Account/Logout";
                // The session's row knows better when it is over; the cookie only outlives it.
                options.SlidingExpiration = false;
                options.EventsType = typeof(MemberCookieEvents);
            })
            .AddCookie(GuestCookie.Scheme, options =>
            {
                options.Cookie.Name = GuestCookie.Name;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.IsEssential = true;
                options.LoginPath = "/Account/Login";
                options.SlidingExpiration = false;
                // The guest's place knows better when it is over: no session lasts longer than a day.
                options.ExpireTimeSpan = TimeSpan.FromDays(30);
                options.EventsType = typeof(GuestCookieEvents);
            });
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<SessionRule>((options, rule) => options.ExpireTimeSpan = rule.Longest);
        services.AddFirstStep();
        builder.AddOpenId();
        services.AddSingleton<AfterLogIn>();
        services.AddAuthorization();
    }

    public static void UseMembers(this WebApplication app)
    {
        app.UseFormsOfLoggedOut();
        app.UseAuthorization();
        app.UseFactorFirst();
        app.Use(app.Services.GetRequiredService<Proofs>().AskAsync);
        app.Use(app.Services.GetRequiredService<OpenConnections>().HoldAsync);
        app.UseAntiforgery();
        app.UseExpiredForms();
        app.UseSessionsThatEndedMeanwhile();
        app.UseGoneForms();
        app.Use(app.Services.GetRequiredService<PageTurns>().WaitAsync);
    }

    public static void MapMembers(this WebApplication app)
    {
        app.MapPasskeys();
        app.MapOpenId();
        app.MapPost("/Account/Logout", async (HttpContext http, IAntiforgery antiforgery, ThisBrowser browser) =>
        {
            if (!await antiforgery.IsRequestValidAsync(http))
                return Results.StatusCode(StatusCodes.Status400BadRequest);
            await browser.OutAsync(http);
            return Results.LocalRedirect("/");
        }).DisableAntiforgery();
    }
}
