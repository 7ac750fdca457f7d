using System.Globalization;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;

namespace VetCommunity.App.Conversations;

/// <summary>How large a file is, as its reader says it.</summary>
static class FileSize
{
    public static string Size(this IStringLocalizer text, long bytes) => bytes switch
    {
        < 1024 => text.Count("Bytes", bytes),
        < 1024 * 1024 => text["Kilobytes", (bytes / 1024d).ToString("N0", CultureInfo.CurrentCulture)],
        _ => text["Megabytes", (bytes / 1024d / 1024).ToString("N1", CultureInfo.CurrentCulture)],
    };
}
