using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using VetCommunity.Core.Files;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.Limiting;

/// <summary>
/// Every limit that an operator may set, as <c>Limits:</c> and the property's name. What each means, and what happens beyond it, stands in docs/limits.md;
/// their usual values stand in appsettings.json too.
/// </summary>
sealed class ConfiguredLimits
{
    const string Section = "Limits";
    const int Many = 1_000_000;

    /// <summary><c>RateLimits:Enabled</c>: without it there is neither a rate nor a number of connections; sizes and silence stay.</summary>
    public bool AreOn { get; init; } = true;

    // How often.
    [Range(1, Many)] public int LogInsFromPlace { get; private set; } = 150;
    [Range(1, 1440)] public int LogInMinutes { get; private set; } = 5;
    [Range(1, Many)] public int MailsFromPlace { get; private set; } = 60;
    [Range(1, Many)] public int MailsToAddress { get; private set; } = 5;
    [Range(1, 1440)] public int MailMinutes { get; private set; } = 60;
    [Range(1, Many)] public int PasswordTries { get; private set; } = 10;
    [Range(1, 1440)] public int PasswordMinutes { get; private set; } = 15;
    [Range(1, Many)] public int Invitations { get; private set; } = 60;
    [Range(1, 1440)] public int InvitationMinutes { get; private set; } = 60;
    [Range(1, Many)] public int CallsAtOnce { get; private set; } = 80;
    [Range(1, Many)] public int CallsPerSecond { get; private set; } = 20;
    [Range(1, Many)] public int DraftsAtOnce { get; private set; } = 10;
    [Range(1, Many)] public int DraftsPerSecond { get; private set; } = 2;
    [Range(1, Many)] public int SearchesAtOnce { get; private set; } = 40;
    [Range(1, 3600)] public int SearchSeconds { get; private set; } = 1;
    [Range(1, Many)] public int UploadsAtOnce { get; private set; } = 60;
    [Range(1, 3600)] public int UploadSeconds { get; private set; } = 2;
    [Range(1, 100)] public int UploadsTogether { get; private set; } = 3;
    [Range(1, Many)] public int ProgramPostsAtOnce { get; private set; } = 30;
    [Range(1, 3600)] public int ProgramPostSeconds { get; private set; } = 2;
    [Range(1, Many)] public int NegotiationsAtOnce { get; private set; } = 100;
    [Range(1, Many)] public int NegotiationsPerSecond { get; private set; } = 10;
    [Range(1, Many)] public int SignalsAtOnce { get; private set; } = 400;
    [Range(1, Many)] public int SignalsPerSecond { get; private set; } = 40;

    // How many at the same time.
    [Range(1, Many)] public int ConnectionsOfMember { get; private set; } = 50;
    [Range(1, Many)] public int CircuitsOfMember { get; private set; } = 10;
    [Range(1, Many)] public int CircuitsKept { get; private set; } = 100;
    [Range(1, 1440)] public int CircuitsKeptMinutes { get; private set; } = 3;
    [Range(1, 1000)] public int ReadingsTogether { get; private set; } = 8;
    [Range(1, Many)] public int RequestsFromPlace { get; private set; } = 300;
    [Range(1, Many)] public int Connections { get; private set; } = 20_000;

    // How long somebody may be silent or slow. The page's script calls a line dead after 25 seconds: pings come more often.
    [Range(1, 10)] public int PingSeconds { get; private set; } = 10;
    [Range(2, 300)] public int SilenceSeconds { get; private set; } = 30;
    [Range(1, 300)] public int SendSeconds { get; private set; } = 30;
    [Range(1, 300)] public int HeadSeconds { get; private set; } = 30;
    [Range(1, 3600)] public int IdleSeconds { get; private set; } = 130;
    [Range(1, Many)] public int SlowestBytesPerSecond { get; private set; } = 240;
    [Range(2, 300)] public int SlowSeconds { get; private set; } = 5;
    [Range(16, Many)] public int FramesBehind { get; private set; } = 256;
    [Range(1, Many)] public int KilobytesBehind { get; private set; } = 8192;

    // How much.
    [Range(1, 1024)] public int RequestMegabytes { get; private set; } = 30;
    [Range(8, 512)] public int AddressKilobytes { get; private set; } = 128;
    [Range(8, 512)] public int HeadKilobytes { get; private set; } = 32;
    [Range(64, 16_384)] public int HubFrameKilobytes { get; private set; } = 1024;
    [Range(1, 1024)] public int SignalKilobytes { get; private set; } = 64;
    [Range(32, 16_384)] public int CircuitFrameKilobytes { get; private set; } = 32;
    [Range(1, 60)] public int UploadMegabytes { get; private set; } = UploadSizes.Usual.Megabytes;
    [Range(1, 60)] public int PdfMegabytes { get; private set; } = 20;
    [Range(1, 1000)] public int PdfPages { get; private set; } = 300;
    [Range(1, 600)] public int PdfSeconds { get; private set; } = 60;
    [Range(1, 3650)] public int GuestDays { get; private set; } = 30;
    [Range(1, Many)] public int UnpostedMegabytes { get; private set; } = UploadSizes.Usual.UnpostedMegabytes;

    public UploadSizes Uploads => new(UploadMegabytes, UnpostedMegabytes);

    /// <summary>By their names, with their usual values.</summary>
    public static IReadOnlyDictionary<string, int> Usual { get; } = UsualOf(new());

    static IEnumerable<PropertyInfo> All => typeof(ConfiguredLimits).GetProperties().Where(one => one.IsDefined(typeof(RangeAttribute)));

    /// <summary>The limits as they are set.</summary>
    /// <exception cref="OperationFailedException">One of them makes no sense, or is none.</exception>
    public static ConfiguredLimits Of(IConfiguration configuration)
    {
        var limits = new ConfiguredLimits { AreOn = configuration.GetValue("RateLimits:Enabled", true) };
        var all = All.ToDictionary(one => one.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var set in configuration.GetSection(Section).GetChildren())
        {
            var one = all.GetValueOrDefault(set.Key)
                ?? throw new OperationFailedException($"{Section}:{set.Key} is no limit that there is; docs/limits.md lists them.");
            if (set.Value is { Length: 0 })
                continue;
            var (least, most) = one.GetCustomAttribute<RangeAttribute>() is { Minimum: int from, Maximum: int to } ? (from, to) : (0, 0);
            if (!int.TryParse(set.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
                throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"{Section}:{one.Name} is {set.Value ?? "no number"}; it must be a number from {least} to {most}."));
            // Most are as usual, and setting one by its name costs a start more than reading all of them.
            if (number != Usual[one.Name])
                one.SetValue(limits, number);
        }
        // One lost ping must not end a line.
        return limits.SilenceSeconds >= 2 * limits.PingSeconds ? limits : throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture,
            $"{Section}:SilenceSeconds is {limits.SilenceSeconds}; it must be at least twice {Section}:PingSeconds, which is {limits.PingSeconds}."));
    }

    static Dictionary<string, int> UsualOf(ConfiguredLimits limits) => All.ToDictionary(one => one.Name, one => (int)one.GetValue(limits)!, StringComparer.Ordinal);
}
