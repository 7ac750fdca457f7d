using System.Globalization;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.Operation;
using VetCommunity.Core.Privacy;

namespace VetCommunity.App.Privacy;

/// <summary>Leaving for good, taking along what is one's own, and what is said about both.</summary>
static class PrivacySetUp
{
    public static void AddPrivacy(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => RulesOf(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new ExportFolder(provider.GetRequiredService<DataFolder>().Exports));
        services.AddSingleton(provider => new ErasureRegister(provider.GetRequiredService<DataFolder>().ErasedFile));
        services.AddSingleton<Erasures>();
        services.AddSingleton<Erasing>();
        services.AddHostedService<DueErasures>();
        services.AddSingleton<Consents>();
        services.AddSingleton<Retention>();
        services.AddHostedService<ExpiredMessages>();
        services.AddSingleton<Exports>();
        services.AddSingleton<Exporting>();
        services.AddHostedService<DueExports>();
    }

    public static void MapPrivacy(this WebApplication app) =>
        app.MapGet("/Account/Export/file", async (HttpContext http, Exports exports) =>
        {
            try
            {
                var content = await exports.OpenAsync(CurrentActor.Of(http.User), MemberPrincipals.SessionOf(http.User), http.RequestAborted);
                http.Response.Headers.CacheControl = "private, no-store";
                return Results.Stream(content, "application/zip", "vetcommunity.zip", enableRangeProcessing: true);
            }
            catch (NotFoundException)
            {
                return Results.NotFound();
            }
            catch (RefusedException)
            {
                return Results.LocalRedirect(Proofs.AddressFor("/Account/Export"));
            }
        }).RequireAuthorization();

    static PrivacyRules RulesOf(IConfiguration settings)
    {
        var usual = new PrivacyRules();
        return new(Days("Privacy:WaitDays", usual.WaitDays, 0), Days("Privacy:BackupDays", usual.BackupDays, 0), Days("Privacy:ExportDays", usual.ExportDays, 1), settings["Privacy:Contact"] ?? "");

        int Days(string key, int days, int least) => settings[key] switch
        {
            null or "" => days,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= 3650 => number,
            var text => throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"{key} is {text}; it must be a number of days from {least} to 3650.")),
        };
    }
}
