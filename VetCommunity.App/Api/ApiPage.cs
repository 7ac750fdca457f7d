using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using VetCommunity.Core;

namespace VetCommunity.App.Api;

/// <summary>What calls have in common: pages of lists, and keys of repeated calls.</summary>
static class ApiPage
{
    public const int Most = 100;
    const int Usual = 50;

    public static int Length(int? limit) => Math.Clamp(limit ?? Usual, 1, Most);

    /// <summary>A cursor names an entry and not a count, so that what comes or goes meanwhile moves nothing.</summary>
    public static string Cursor(char kind, long number) => WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind}{number}")));

    /// <exception cref="RefusedException">It is none of ours, or of another list.</exception>
    public static (char Kind, long Number)? Read(string? cursor, string kinds)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        try
        {
            var text = cursor.Length <= 40 ? Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(cursor)) : "";
            if (text.Length > 1 && kinds.Contains(text[0], StringComparison.Ordinal) && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return (text[0], number);
        }
        catch (FormatException)
        {
            // Not even one of those letters.
        }
        throw new RefusedException(Refusal.BadCursor);
    }

    /// <summary>What the header Idempotency-Key says: a string of RFC 9651, in quotation marks that many programs leave out.</summary>
    public static string? KeyOf(string? header) => header is ['"', .. var inner, '"'] ? inner : header;

    /// <summary>The next page also as a header (RFC 8288): the same call with its cursor.</summary>
    public static void LinkNext(HttpContext http, string? next)
    {
        if (next is null)
            return;
        var query = QueryHelpers.ParseQuery(http.Request.QueryString.Value);
        query["cursor"] = next;
        http.Response.Headers.Append("Link", $"<{QueryHelpers.AddQueryString(http.Request.PathBase + http.Request.Path.ToUriComponent(), query)}>; rel=\"next\"");
    }
}
