namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of webhooks and of what programs call.</summary>
public sealed class WebhookTexts;
