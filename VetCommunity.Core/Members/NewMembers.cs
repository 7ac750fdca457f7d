using System.Globalization;
using System.Net.Mail;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;

namespace VetCommunity.Core.Members;

/// <summary>What somebody gives who wants an account, as it was typed.</summary>
/// <param name="Email">The address.</param>
/// <param name="Name">The display name, at most 80 characters.</param>
/// <param name="Password">See <see cref="Passwords"/>.</param>
/// <param name="Language">The language of the page.</param>
/// <param name="Country">Where the browser seems to be at home, ISO 3166-1, or null; only the first time zone is guessed from it.</param>
public sealed record NewAccount(string? Email, string? Name, string? Password, string? Language, string? Country = null);

/// <summary>The same, checked; its password is hashed before anybody looks whether the address is known, so that both take the same time.</summary>
sealed record Applicant(string Email, string Name, string? PasswordHash, string Language, string TimeZone)
{
    public string NormalizedEmail => NewMembers.Normalized(Email);

    // Without the name: anybody can type any text and address, and we would mail it there.
    public Addressee Addressee => new(Email, "", Language, TimeZone);

    public static Applicant Of(NewAccount account, BreachedPasswords? breached)
    {
        var email = NewMembers.CleanEmail(account.Email);
        var name = PlainText.Name(account.Name, Profiles.NameLength);
        Passwords.Check(account.Password, breached, email, name);
        var language = Languages.OrEnglish(account.Language);
        return new(email, name, Passwords.HashOf(account.Password!), language, HomeZones.Of(language, account.Country));
    }
}

/// <summary>The one place where a member is made.</summary>
static class NewMembers
{
    const int EmailLength = 254;

    public static Member Make(string handle, string name, string email, string? passwordHash, DateTimeOffset now) => new()
    {
        Handle = handle,
        DisplayName = name,
        UserName = email,
        NormalizedUserName = Normalized(email),
        Email = email,
        NormalizedEmail = Normalized(email),
        LockoutEnabled = true,
        PasswordHash = passwordHash,
        SecurityStamp = Guid.NewGuid().ToString("N"),
        JoinedAt = now,
    };

    public static async Task<Member> MakeAsync(CommunityDb db, Applicant applicant, DateTimeOffset now, CancellationToken cancel)
    {
        var member = Make(await FreeHandleAsync(db, applicant.Name, cancel), applicant.Name, applicant.Email, applicant.PasswordHash, now);
        member.Language = applicant.Language;
        member.TimeZone = applicant.TimeZone;
        db.Users.Add(member);
        return member;
    }

    public static string Normalized(string email) => email.ToUpperInvariant();

    /// <exception cref="RefusedException"><see cref="Refusal.BadEmail"/></exception>
    public static string CleanEmail(string? email)
    {
        var trimmed = (email ?? "").Trim();
        return trimmed.Length <= EmailLength && IsEmail(trimmed) ? trimmed : throw new RefusedException(Refusal.BadEmail);
    }

    public static bool IsEmail(string text) =>
        MailAddress.TryCreate(text, out var address) && address.Address == text && !text.Any(letter => letter is '"' or '<' or '>' || char.IsControl(letter) || char.IsWhiteSpace(letter) || IsUnseen(letter));

    // Two addresses that look the same must be the same.
    static bool IsUnseen(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;

    /// <summary>A handle that nobody has, had or may have, made from a name in Latin or Greek letters.</summary>
    public static async Task<string> FreeHandleAsync(CommunityDb db, string name, CancellationToken cancel)
    {
        var letters = string.Concat(InLatin(Folding.Slug(name)).Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')).TrimStart('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var wanted = (letters.Length <= 24 ? letters : letters[..24]).Trim('-');
        if (wanted.Length < 3)
            wanted = "member";
        for (var number = 1; ; number++)
        {
            var handle = number == 1 ? wanted : string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
            if (!await Profiles.IsTakenAsync(db, handle, member: 0, cancel))
                return handle;
        }
    }

    /// <summary>Tries again where somebody else took the address or the handle in the same moment.</summary>
    public static async Task<T> AgainAsync<T>(Func<Task<T>> make)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await make();
            }
            catch (DbUpdateException) when (attempt < 4)
            {
                // What is taken now is seen the next time.
            }
        }
    }

    // As Greek names are written in passports, without its finer rules.
    static string InLatin(string folded)
    {
        var latin = new StringBuilder(folded.Length);
        foreach (var letter in folded.Replace("ου", "ou", StringComparison.Ordinal).Replace("μπ", "b", StringComparison.Ordinal).Replace("ντ", "nt", StringComparison.Ordinal))
        {
            latin.Append(letter switch
            {
                'α' => "a",
                'β' => "v",
                'γ' => "g",
                'δ' => "d",
                'ε' => "e",
                'ζ' => "z",
                'η' or 'ι' => "i",
                'θ' => "th",
                'κ' => "k",
                'λ' => "l",
                'μ' => "m",
                'ν' => "n",
                'ξ' => "x",
                'ο' or 'ω' => "o",
                'π' => "p",
                'ρ' => "r",
                'σ' => "s",
                'τ' => "t",
                'υ' => "y",
                'φ' => "f",
                'χ' => "ch",
                'ψ' => "ps",
                _ => letter.ToString(),
            });
        }
        return latin.ToString();
    }
}
