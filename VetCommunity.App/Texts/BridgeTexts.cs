namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of translations of messages, of who makes them, and of the glossary.</summary>
public sealed class BridgeTexts;
