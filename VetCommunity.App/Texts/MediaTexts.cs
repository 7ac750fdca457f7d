namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of sound and picture in live sessions.</summary>
public sealed class MediaTexts;
