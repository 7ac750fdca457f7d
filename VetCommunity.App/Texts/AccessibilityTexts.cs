namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of the accessibility statement.</summary>
public sealed class AccessibilityTexts;
