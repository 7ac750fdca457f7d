namespace VetCommunity.App.Discussion;

/// <summary>Rooms.</summary>
static class RoomsSetUp
{
    public static void AddRooms(this WebApplicationBuilder builder) { }
    public static void MapRooms(this WebApplication app) { }
}
