namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of drafts of practices, of quotes and of a topic's resolutions.</summary>
public sealed class PracticeTexts;
