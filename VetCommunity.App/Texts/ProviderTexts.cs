namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about accounts of other services.</summary>
public sealed class ProviderTexts;
