namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about registering, passwords and invitations.</summary>
public sealed class AccountTexts;
