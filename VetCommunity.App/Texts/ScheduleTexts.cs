namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of messages that are sent later.</summary>
public sealed class ScheduleTexts;
