namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of live sessions.</summary>
public sealed class LiveTexts;
