namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about the browsers in which a member is logged in, and about proving again who one is.</summary>
public sealed class SessionTexts;
