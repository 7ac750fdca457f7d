namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about guests of live sessions.</summary>
public sealed class GuestTexts;
