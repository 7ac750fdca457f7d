namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about passkeys.</summary>
public sealed class PasskeyTexts;
