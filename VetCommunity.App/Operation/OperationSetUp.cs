using System.Globalization;
using Microsoft.AspNetCore.Connections;
using VetCommunity.App.CommandLine;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Files;
using VetCommunity.Core.Operation;
using VetCommunity.Core.Privacy;

namespace VetCommunity.App.Operation;

/// <summary>Backups, and looking after the whole.</summary>
static class OperationSetUp
{
    public static void AddOperation(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => RulesOf(provider.GetRequiredService<Settings>(), provider.GetRequiredService<PrivacyRules>()));
        services.AddSingleton<Backups>();
        services.AddSingleton<ScheduledBackups>();
        services.AddHostedService<DueBackups>();
        services.AddSingleton<Restoring>();
        services.AddSingleton(provider => new CommunityExport(
            provider.GetRequiredService<CommunityDbFactory>(), provider.GetRequiredService<DataFolder>(),
            new RoomExport(provider.GetRequiredService<CommunityDbFactory>(), ActivatorUtilities.CreateInstance<Topics>(provider)), provider.GetRequiredService<UploadFolder>()));
        services.AddSingleton<DatabaseChecks>();
        services.AddSingleton(provider => new FolderChecks(
            provider.GetRequiredService<DataFolder>(), provider.GetRequiredService<BackupRules>(), provider.GetRequiredService<Settings>().UploadReserve, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ProgramChecks>();
        services.AddSingleton(provider => new AuditAnchor(
            provider.GetRequiredService<CommunityDbFactory>(), provider.GetRequiredService<DataFolder>().AuditFile, provider.GetRequiredService<ILogger<AuditAnchor>>()));
        services.AddSingleton<AuditWatch>();
        services.AddSingleton<AuditCheck>();
        services.AddHostedService<HeldAudit>();
        services.AddHostedService<CheckedAudit>();
        services.AddSingleton<ServerBuffers>();
        services.AddSingleton<IMemoryPoolFactory<byte>>(provider => provider.GetRequiredService<ServerBuffers>());
        services.AddHostedService<GivingMemoryBack>();
        services.AddSingleton(provider => new Doctor([
            .. provider.GetRequiredService<DatabaseChecks>().All, provider.GetRequiredService<AuditCheck>().One, .. provider.GetRequiredService<FolderChecks>().All, .. provider.GetRequiredService<ProgramChecks>().All]));
    }

    static BackupRules RulesOf(Settings settings, PrivacyRules privacy)
    {
        var (every, keep) = (settings.BackupHours, settings.BackupsKept);
        if (keep == 0)
            throw new OperationFailedException("Backup:Keep is 0; it must be a number from 1 on.");
        if (every > privacy.BackupDays * 24)
        {
            throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture,
                $"Backup:Every is {every} hours, and Privacy:BackupDays lets no backup get older than {privacy.BackupDays} days. Make backups more often, or keep them longer."));
        }
        return new(TimeSpan.FromHours(every), keep, privacy.BackupDays, settings.UploadReserve);
    }
}
