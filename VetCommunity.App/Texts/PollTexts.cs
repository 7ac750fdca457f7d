namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of polls.</summary>
public sealed class PollTexts;
