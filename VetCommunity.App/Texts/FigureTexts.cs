namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of the page of figures.</summary>
public sealed class FigureTexts;
