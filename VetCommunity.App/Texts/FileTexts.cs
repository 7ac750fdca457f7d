namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of files that travel with messages.</summary>
public sealed class FileTexts;
