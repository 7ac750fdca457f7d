namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of opening hours, queues and enquiries.</summary>
public sealed class HourTexts;
