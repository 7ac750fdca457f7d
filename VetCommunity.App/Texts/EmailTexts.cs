namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about another e-mail address of an account.</summary>
public sealed class EmailTexts;
