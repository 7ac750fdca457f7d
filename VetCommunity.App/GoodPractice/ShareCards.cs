using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using VetCommunity.App.Search;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>The cards of published practices. They say what the page says to every visitor, and nothing else.</summary>
sealed class ShareCards(Practices practices, FacetNames names, PracticeAddresses addresses, SearchLimit limit) : IDisposable
{
    // Some two hundred.
    const int Bytes = 16_000_000;
    readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = Bytes });

    readonly SemaphoreSlim _drawing = new(1);

    public void Dispose()
    {
        _kept.Dispose();
        _drawing.Dispose();
    }

    /// <summary>Where it is; another address as soon as it says something else, since those who show it keep it for long.</summary>
    public string AddressOf(PracticeCard card)
    {
        var words = WordsOf(card);
        return addresses.CardOf(card, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{words.Title}\n{words.From}\n{words.Evidence}")))[..8]);
    }

    /// <exception cref="NotFoundException">None of that name is published.</exception>
    /// <exception cref="RefusedException">Too many at once.</exception>
    public async Task<IResult> AnswerAsync(HttpContext http, Actor who, string slug, string? language)
    {
        var practice = await practices.ReadAsync(Actor.Visitor, slug, language ?? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, http.RequestAborted);
        var words = WordsOf(practice.Card);
        if (!_kept.TryGetValue(words, out byte[]? png))
        {
            // Drawing it costs some twenty times what a page costs.
            limit.Count(who, http);
            // One after the other: a link that many follow at once is drawn once.
            await _drawing.WaitAsync(http.RequestAborted);
            try
            {
                if (!_kept.TryGetValue(words, out png))
                    _kept.Set(words, png = ShareCard.Draw(words), new MemoryCacheEntryOptions { Size = png.Length });
            }
            finally
            {
                _drawing.Release();
            }
        }
        return KnownAnswer.Of(http, png!, "image/png");
    }

    // In the language of the practice, whoever asks: those who show it ask once for everybody.
    ShareCardWords WordsOf(PracticeCard card)
    {
        var readers = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(card.Language);
        try
        {
            return new(
                card.Record.Title,
                string.Join(" · ", card.Record.Values[PracticeFacet.Country].Select(country => names.Of(PracticeFacet.Country, country)).Prepend(card.Organisation).Where(part => part.Length > 0)),
                names.Of(PracticeFacet.Evidence, card.Bearing.Evidence.ToString()));
        }
        finally
        {
            CultureInfo.CurrentUICulture = readers;
        }
    }
}
