using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>A running community with small limits, which believes what is said of where somebody comes from.</summary>
public sealed class NarrowCommunity : IAsyncLifetime
{
    public RunningCommunity One { get; } = new();

    public ValueTask InitializeAsync()
    {
        foreach (var (name, value) in ((string, string)[])[
            ("LogInsFromPlace", "8"), ("MailsFromPlace", "4"), ("MailsToAddress", "2"), ("CallsAtOnce", "12"), ("CallsPerSecond", "1"), ("SearchesAtOnce", "3"), ("SearchSeconds", "600"),
            ("UploadsAtOnce", "3"), ("UploadSeconds", "600"), ("ConnectionsOfMember", "6"), ("CircuitsOfMember", "3"), ("NegotiationsAtOnce", "60"), ("RequestsFromPlace", "5"), ("SlowSeconds", "300"), ("SilenceSeconds", "300")])
            One.Settings["Limits__" + name] = value;
        One.Settings["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        return One.InitializeAsync();
    }

    public ValueTask DisposeAsync() => One.DisposeAsync();
}
