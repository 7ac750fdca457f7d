namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of the administration and of the frame around islands.</summary>
public sealed class AdminTexts;
