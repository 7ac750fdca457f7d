namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about the second step of logging in.</summary>
public sealed class FactorTexts;
