using System.Globalization;
using System.Net;

namespace VetCommunity.Core.Mailing;

/// <summary>What all mails look like. Mail programs know no style sheets: each element carries its own style.</summary>
static class MailFrame
{
    /// <summary>The whole html of a mail.</summary>
    public static string Around(string body, string title, CultureInfo culture) =>
        $"""<!DOCTYPE html><html lang="{culture.TwoLetterISOLanguageName}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Encoded(title)}</title></head>"""
        + """<body style="margin:0;padding:24px;background:#f5efe3;color:#1d2629;font-family:system-ui,'Segoe UI',sans-serif;font-size:16px;line-height:1.55">"""
        + """<div style="max-width:34rem;margin:0 auto;padding:24px;border:1px solid #dcd1bd;border-radius:10px;background:#fffdf8">"""
        + body + "</div></body></html>";

    /// <summary>The one thing to press.</summary>
    public static string Button(string address, string words) =>
        """<p><a style="display:inline-block;padding:10px 20px;border-radius:7px;background:#0d5961;color:#fffdf8;font-weight:600;text-decoration:none" href=""" + '"'
        + Encoded(address) + "\">" + Encoded(words) + "</a></p>";

    /// <summary>A text as html, with its line breaks.</summary>
    public static string Encoded(string text) => WebUtility.HtmlEncode(text).Replace("\n", "<br>", StringComparison.Ordinal);
}
