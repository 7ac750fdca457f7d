namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of topics, their outcomes and the export.</summary>
public sealed class TopicTexts;
