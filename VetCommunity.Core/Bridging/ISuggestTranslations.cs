namespace VetCommunity.Core.Bridging;

/// <summary>A machine that translates. Where none is set up nothing leaves the community.</summary>
public interface ISuggestTranslations
{
    /// <summary>What members read of it, such as Apertium; null where there is no machine.</summary>
    string? Name { get; }

    /// <summary>Translates plain text. Paragraphs are parted by an empty line and stay parted; marks such as ⟦1⟧ stand for what is no language.</summary>
    /// <param name="text">What is to be translated; nothing else of the community is told.</param>
    /// <param name="from">One of <see cref="Languages.All"/>.</param>
    /// <param name="to">Another one.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="RefusedException"><see cref="Refusal.MachineUnavailable"/> where it does not answer in time or answers with something else;
    /// <see cref="Refusal.MachineLacksPair"/> where it does not know these languages.</exception>
    Task<string> TranslateAsync(string text, string from, string to, CancellationToken cancel = default);
}

/// <summary>No machine.</summary>
public sealed class NoSuggestions : ISuggestTranslations
{
    /// <inheritdoc/>
    public string? Name => null;

    /// <inheritdoc/>
    public Task<string> TranslateAsync(string text, string from, string to, CancellationToken cancel = default) => throw new RefusedException(Refusal.MachineUnavailable);
}
