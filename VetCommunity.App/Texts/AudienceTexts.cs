namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of questions from a session’s audience.</summary>
public sealed class AudienceTexts;
