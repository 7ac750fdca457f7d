namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of searching.</summary>
public sealed class SearchTexts;
