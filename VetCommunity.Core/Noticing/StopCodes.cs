using System.Globalization;

namespace VetCommunity.Core.Noticing;

/// <summary>The codes in the links that stop mails: each names its member, and only we can write one. Nothing of them is stored.</summary>
/// <param name="seal">Makes a text unreadable and unforgeable.</param>
/// <param name="open">Takes it back; null for what was not sealed here.</param>
public sealed class StopCodes(Func<string, string> seal, Func<string, string?> open)
{
    internal string Of(int member) => seal(member.ToString(CultureInfo.InvariantCulture));

    internal int? MemberOf(string? code) =>
        code is { Length: > 0 and < 1000 } && int.TryParse(open(code), NumberStyles.None, CultureInfo.InvariantCulture, out var member) ? member : null;
}
