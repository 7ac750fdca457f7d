namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of the frame.</summary>
public sealed class ShellTexts;
