namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of leaving, of exports and of what is stored.</summary>
public sealed class PrivacyTexts;
