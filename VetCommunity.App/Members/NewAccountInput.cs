using System.Globalization;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>What the forms for a new account post.</summary>
public sealed class NewAccountInput
{
    public string? Name { get; set; }
    public string? Email { get; set; }
    public string? Password { get; set; }

    /// <summary>With the language of the page.</summary>
    internal NewAccount For(HttpContext http) => new(Email, Name, Password, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, CountryOf(http));

    /// <summary>The country that the browser names first, as in de-AT; null where it names none.</summary>
    internal static string? CountryOf(HttpContext http) =>
        http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString().Split('-')).FirstOrDefault(parts => parts[^1].Length == 2 && parts.Length > 1)?[^1];
}

/// <summary>Answers that must not tell by their time whether an address has an account: all take at least this long.</summary>
static class EvenPace
{
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);

    public static async Task KeepAsync(Func<Task> act)
    {
        var pace = Task.Delay(Pace);
        try
        {
            await act();
        }
        finally
        {
            await pace;
        }
    }
}
