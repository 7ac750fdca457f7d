namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of moderation.</summary>
public sealed class ModerationTexts;
