namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about accounts, people and organisations.</summary>
public sealed class MemberTexts;
