namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of notifications.</summary>
public sealed class NoticeTexts;
