using System.Globalization;
using VetCommunity.App.Limiting;
using VetCommunity.Core;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Members;

/// <summary>Why a form comes again, in the reader's language: beside the field it is about, or above the form.</summary>
public sealed class FormErrors
{
    RefusedException? _refused;
    string? _sentence;

    /// <summary>The sentence about a field; null where it is not the wrong one.</summary>
    public string? Of(string field) => _refused is { Refusal: var refusal } && FieldOf(refusal) == field ? _sentence : null;

    /// <summary>The sentence about the form as a whole.</summary>
    public string? General => _refused is { Refusal: var refusal } && FieldOf(refusal) is null ? _sentence : null;

    /// <summary>Whether something was refused.</summary>
    public bool Has => _refused is not null;

    public bool Is(Refusal refusal) => _refused?.Refusal == refusal;

    /// <summary>Does it, or keeps why not. Answers whether it was done.</summary>
    public async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (RefusedException refused)
        {
            Say(refused);
            return false;
        }
    }

    /// <summary>Programs read that they have to wait, where that was refused.</summary>
    public void Mark(HttpContext http)
    {
        if (_refused is not null)
            TooMuch.Mark(http, _refused);
    }

    public void Say(RefusedException refused)
    {
        _refused = refused;
        _sentence = Sentences.For(refused, CultureInfo.CurrentUICulture);
    }

    static string? FieldOf(Refusal refusal) => refusal switch
    {
        Refusal.BadEmail => "email",
        Refusal.BadName => "name",
        Refusal.PasswordTooShort or Refusal.PasswordTooLong or Refusal.PasswordTooCommon => "password",
        Refusal.WrongPassword => "current",
        Refusal.WrongCode => "code",
        Refusal.BadChoice => "organisation",
        _ => null,
    };
}
